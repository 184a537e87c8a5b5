"""The pages of the public site. Words are written here; how a page looks is said by the website's templates."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from svet.domains.content.models.blocks import FEATURES, body
from svet.domains.content.rules import MandatoryItem

MANDATORY = {
    MandatoryItem.TARIFFS: "Действующие тарифы",
    MandatoryItem.CONTRACT_FORMS: "Формы договоров и заявлений",
    MandatoryItem.CONTRACT_PROCEDURE: "Как заключить договор",
    MandatoryItem.NON_PAYMENT: "Последствия неоплаты",
    MandatoryItem.READINGS: "Показания: порядок и сроки",
    MandatoryItem.HOW_TO_PAY: "Как оплатить",
    MandatoryItem.HOW_TO_APPEAL: "Как обратиться",
    MandatoryItem.NORMS: "Нормативы потребления",
    MandatoryItem.PLACES_OF_PAYMENT: "Где оплатить",
    MandatoryItem.OFFICES: "Офисы и часы приёма",
    MandatoryItem.PROMOTIONS: "Акции и конкурсы",
    MandatoryItem.QUESTIONS: "Вопросы и ответы",
    MandatoryItem.READING_SERVICES: "Правила сервисов передачи показаний",
    MandatoryItem.GRID_COMPANIES: "Контакты сетевых организаций",
    MandatoryItem.COMPUTATION: "Как считается плата, льготы",
}


class WrittenPage(Page):
    """What all pages with words of their own share: a summary, what they rest on, when they were last read through."""

    summary = models.CharField("Коротко", max_length=300, help_text="Одно-два предложения: для списков и поиска")
    source = models.CharField("Источник", max_length=300, blank=True, help_text="Закон, приказ или документ компании")
    reviewed_on = models.DateField("Сверено", null=True, blank=True)
    review_months = models.PositiveSmallIntegerField("Сверять раз в столько месяцев", default=12)

    private_page_options: list[str] = []
    show_in_menus_default = False
    promote_panels = [MultiFieldPanel([FieldPanel("slug"), FieldPanel("search_description")], "Адрес и поиск")]
    review_panel = MultiFieldPanel(
        [FieldPanel("source"), FieldPanel("reviewed_on"), FieldPanel("review_months")], "Источник и сверка"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.title)


class HomePage(Page):
    """The root of the site's tree; what stands on the home page is the website's own (surfaces/website)."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.SectionPage", "content.QuestionsPage", "content.NewsIndexPage"]
    private_page_options: list[str] = []
    template = "website/pages/section.html"

    class Meta:
        db_table = "content_home_page"
        verbose_name = "сайт"


class SectionPage(WrittenPage):
    """A shelf of articles."""

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.ArticlePage"]
    template = "website/pages/section.html"
    content_panels = [*Page.content_panels, FieldPanel("summary")]

    class Meta:
        db_table = "content_section_page"
        verbose_name = "раздел"


class ArticlePage(WrittenPage):
    """An article; one of the fifteen things of clause W2 when it has an `item`."""

    item = models.CharField(
        "Обязательный раздел",
        max_length=24,
        blank=True,
        choices=[(item.value, name) for item, name in MANDATORY.items()],
    )
    body = StreamField(body(), verbose_name="Текст", use_json_field=True)

    parent_page_types = ["content.SectionPage"]
    subpage_types: list[str] = []
    template = "website/pages/article.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body"), WrittenPage.review_panel]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        db_table = "content_article_page"
        verbose_name = "статья"
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=~models.Q(item=""), name="a_mandatory_item_has_one_article"
            )
        ]


class QuestionsPage(WrittenPage):
    """Questions and answers."""

    max_count = 1
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.QuestionPage"]
    template = "website/pages/questions.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), WrittenPage.review_panel]

    class Meta:
        db_table = "content_questions_page"
        verbose_name = "вопросы и ответы"


class QuestionPage(WrittenPage):
    """One question: the title asks, the text answers."""

    answer = RichTextField("Ответ", features=FEATURES)

    parent_page_types = ["content.QuestionsPage"]
    subpage_types: list[str] = []
    template = "website/pages/question.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("answer"), WrittenPage.review_panel]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("answer")]

    class Meta:
        db_table = "content_question_page"
        verbose_name = "вопрос"


class NewsIndexPage(WrittenPage):
    """News, promotions and contests, the latest first."""

    max_count = 1
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.NewsPage"]
    template = "website/pages/news_index.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), WrittenPage.review_panel]

    class Meta:
        db_table = "content_news_index_page"
        verbose_name = "новости и акции"


class NewsPage(WrittenPage):
    """A piece of news, a promotion with its days, or a contest that may be entered between them."""

    kind = models.CharField(
        "Вид",
        max_length=12,
        default="news",
        choices=[("news", "новость"), ("promotion", "акция"), ("contest", "конкурс")],
    )
    starts_on = models.DateField("Начало")
    ends_on = models.DateField("Последний день", null=True, blank=True)
    body = StreamField(body(), verbose_name="Текст и правила", use_json_field=True)
    entry_question = models.CharField("Что прислать на конкурс", max_length=300, blank=True)

    parent_page_types = ["content.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "website/pages/news.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("starts_on"), FieldPanel("ends_on")], "Вид и дни"),
        FieldPanel("body"),
        FieldPanel("entry_question"),
        WrittenPage.review_panel,
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        db_table = "content_news_page"
        verbose_name = "новость или акция"
        constraints = [
            models.CheckConstraint(
                name="news_end_after_they_start",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]
