"""Lists come in pages, by cursor: a row that is added meanwhile moves nobody."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first; keys are UUIDv7, so the key is the age."""

    ordering: str | tuple[str, ...] = "-id"
    page_size = 20
    page_size_query_param = None


class OldestFirst(NewestFirst):
    """Oldest first, for lists that are worked through."""

    ordering: str | tuple[str, ...] = "id"
