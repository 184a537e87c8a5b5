"""Pages and texts that editors write, as Wagtail's page types, and what visitors leave on them."""

from svet.domains.content.models.documents import SiteFile
from svet.domains.content.models.knowledge import HelpfulMark, KnowledgeArticle, KnowledgeHome
from svet.domains.content.models.pages import (
    ArticlePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    QuestionPage,
    QuestionsPage,
    SectionPage,
)
from svet.domains.content.models.promotions import ContestEntry
from svet.domains.content.models.renewal import Happened
from svet.domains.content.models.search_words import SameWords
from svet.domains.content.models.shipped import ShippedPage
from svet.domains.content.models.tasks import SecondPersonTask

__all__ = [
    "ArticlePage",
    "ContestEntry",
    "Happened",
    "HelpfulMark",
    "HomePage",
    "KnowledgeArticle",
    "KnowledgeHome",
    "NewsIndexPage",
    "NewsPage",
    "QuestionPage",
    "QuestionsPage",
    "SameWords",
    "SecondPersonTask",
    "SectionPage",
    "ShippedPage",
    "SiteFile",
]
