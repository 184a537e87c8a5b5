"""The knowledge base beside the operator (clause O7): articles by the subject at hand, and who found them helpful.

Its tree stands outside the site's, so that no article has a public address.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from svet.domains.content.models.blocks import body
from svet.domains.content.models.pages import WrittenPage


class KnowledgeHome(Page):
    """The root of the knowledge base."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.KnowledgeArticle"]
    private_page_options: list[str] = []
    template = "content/knowledge_preview.html"

    class Meta:
        db_table = "content_knowledge_home"
        verbose_name = "база знаний"


class KnowledgeArticle(WrittenPage):
    """What an operator should know to answer politely and rightly; `subjects` are codes of contacts and of appeals."""

    subjects = ArrayField(
        models.CharField(max_length=40),
        verbose_name="Темы",
        default=list,
        blank=True,
        help_text="Коды тем через запятую, например: readings, meter, bill_penalty",
    )
    body = StreamField(body(), verbose_name="Текст", use_json_field=True)

    parent_page_types = ["content.KnowledgeHome"]
    subpage_types: list[str] = []
    template = "content/knowledge_preview.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("subjects"),
        FieldPanel("body"),
        WrittenPage.review_panel,
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        db_table = "content_knowledge_article"
        verbose_name = "статья базы знаний"


class HelpfulMark(models.Model):
    """Whether an article helped a member of staff; of each person the last word counts."""

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_helpful = models.BooleanField()
    revision_id = models.BigIntegerField(null=True)
    marked_at = models.DateTimeField()

    class Meta:
        db_table = "content_helpful_mark"
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="a_person_marks_an_article_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} by {self.user_id}"
