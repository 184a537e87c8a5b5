"""The blocks a page is made of. None takes markup of the editor's own: whatever he pastes comes out as words.

Figures are not typed: the live part names a table, and the surfaces draw it from the records (rules/live_parts.py).
"""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from svet.domains.content.rules import LivePart

FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
"""Without headings (they are blocks of their own), pictures, embedded frames and whatever else may act."""

LIVE_PARTS = {
    LivePart.TARIFFS: "Тарифы на сегодня",
    LivePart.NORMS: "Нормативы потребления",
    LivePart.SOCIAL_NORMS: "Социальная норма",
    LivePart.OFFICES: "Офисы и часы приёма",
    LivePart.PHONES: "Телефоны",
    LivePart.COMPANY: "Реквизиты компании",
    LivePart.READING_WAYS: "Способы передать показания",
    LivePart.PAYMENT_WAYS: "Способы оплатить",
    LivePart.PAYMENT_PLACES: "Места приёма платежей",
    LivePart.APPEAL_WAYS: "Способы обратиться",
    LivePart.CONSEQUENCES: "Сроки и пени за просрочку",
    LivePart.FORMS: "Бланки и образцы",
    LivePart.GRID_COMPANIES: "Сетевые организации",
    LivePart.APPEAL_TERM: "Срок ответа на обращение",
    LivePart.BENEFITS: "Льготы",
}


class StepsBlock(blocks.ListBlock):
    """What to do, in order."""

    class Meta:
        template = "content/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label="Вопрос", max_length=200)
    answer = blocks.RichTextBlock(label="Ответ", features=FEATURES)

    class Meta:
        template = "content/blocks/question.html"


class NoteBlock(blocks.StructBlock):
    """What must not be overlooked."""

    kind = blocks.ChoiceBlock(label="Вид", choices=[("info", "к сведению"), ("warn", "важно")], default="info")
    text = blocks.RichTextBlock(label="Текст", features=["bold", "italic", "link"])

    class Meta:
        template = "content/blocks/note.html"


class TableBlock(blocks.StructBlock):
    """A table of words; figures of tariffs and norms have live parts."""

    caption = blocks.CharBlock(label="О чём таблица", max_length=160)
    table = TypedTableBlock([("text", blocks.CharBlock(label="Текст", required=False))], label="Таблица")

    class Meta:
        template = "content/blocks/table.html"


class FileBlock(blocks.StructBlock):
    """A file to save."""

    document = DocumentChooserBlock(label="Файл")
    about = blocks.CharBlock(label="Что в нём", max_length=160, required=False)

    class Meta:
        template = "content/blocks/file.html"


class LivePartBlock(blocks.StructBlock):
    """A live part by its name."""

    part = blocks.ChoiceBlock(label="Что показать", choices=[(part.value, name) for part, name in LIVE_PARTS.items()])

    class Meta:
        template = "content/blocks/live.html"


def body() -> list[tuple[str, Any]]:
    """Return the blocks of a page's body."""
    return [
        ("heading", blocks.CharBlock(label="Заголовок", max_length=120, template="content/blocks/heading.html")),
        ("text", blocks.RichTextBlock(label="Текст", features=FEATURES, template="content/blocks/text.html")),
        ("steps", StepsBlock(blocks.RichTextBlock(label="Шаг", features=FEATURES), label="Шаги")),
        ("note", NoteBlock(label="Примечание")),
        ("question", QuestionBlock(label="Вопрос и ответ")),
        ("table", TableBlock(label="Таблица")),
        ("file", FileBlock(label="Файл")),
        ("live", LivePartBlock(label="Живая часть")),
    ]
