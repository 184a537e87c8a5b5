"""Django's admin with our site of reference data in the place of its own (surfaces/desk/reference.py)."""

from django.contrib.admin.apps import AdminConfig


class ReferenceConfig(AdminConfig):
    """The admin application; each domain's `admin.py` registers at its site."""

    default_site = "svet.surfaces.desk.reference.ReferenceSite"
