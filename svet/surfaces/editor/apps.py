from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "svet.surfaces.editor"
    label = "editor"
    verbose_name = "Редактор сайта"
