"""The API of tickets, inboxes and articles: the same selectors and services as the desk, for programs.

A program acts for a member and never approves: a reply through the API is a person's own words, and one that is
recognised as the AI's is refused (409). What that member is typing in the desk is left alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.errors import HelpdeskError, NotAllowed
from helpdesk.people.models import Membership
from tickets import portal_reads
from tickets.conversation import messages_of
from tickets.mail.customers import customer_for
from tickets.models import Article, Inbox, Message, MessageState, Priority, Status, Ticket
from tickets.selectors.inboxes import sight_of
from tickets.services import acknowledging, changing, opening, replying


def member_of(request: Request) -> Membership:
    """The member who asks, or for whom a program acts."""
    member: Membership = request._request.member  # type: ignore[attr-defined]  # noqa: SLF001
    return member


class InboxSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An inbox."""

    class Meta:
        model = Inbox
        fields = ("id", "name", "address", "is_active")


class ArticleSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An article of the help centre."""

    class Meta:
        model = Article
        fields = ("id", "title", "slug", "body", "language", "status", "updated_at", "published_at")


class TicketSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A ticket. `revision` is what a reply must name: how many messages of the customer were read."""

    revision = serializers.IntegerField(source="customer_messages", read_only=True)
    customer = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = (
            "number",
            "subject",
            "status",
            "priority",
            "inbox",
            "assignee",
            "channel",
            "language",
            "customer",
            "tags",
            "revision",
            "created_at",
            "updated_at",
            "first_reply_at",
            "solved_at",
        )

    def get_customer(self, ticket: Ticket) -> dict[str, Any]:
        """Name and addresses."""
        addresses = [one.address for one in ticket.customer.addresses.all()]
        return {"id": ticket.customer_id, "name": ticket.customer.name, "addresses": addresses}

    def get_tags(self, ticket: Ticket) -> list[str]:
        """Names of the tags."""
        return sorted(one.tag.name for one in ticket.ticket_tags.all())


class MessageSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A message of the thread. `html` is cleaned; `disclosure` is the line about AI, in what words the rules have."""

    disclosure = serializers.SerializerMethodField()

    def get_disclosure(self, message: Message) -> str:
        """Empty where no AI helped, or where it has not left."""
        if not message.disclosure:
            return ""
        context: dict[str, Any] = self.context  # type: ignore[assignment]
        if "own_words" not in context:
            context["own_words"] = portal_reads.own_words("api")  # once for all messages of an answer
        return portal_reads.said_of(message, context["own_words"], message.language)

    class Meta:
        model = Message
        fields = (
            "id",
            "kind",
            "state",
            "author",
            "subject",
            "text",
            "quoted",
            "html",
            "language",
            "ai_involvement",
            "disclosure",
            "held_reason",
            "created_at",
            "sent_at",
        )


class NewTicketSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A request of a customer, by whatever way it came."""

    inbox = serializers.IntegerField()
    address = serializers.EmailField(max_length=320)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    subject = serializers.CharField(max_length=300)
    text = serializers.CharField(max_length=100_000)
    language = serializers.CharField(max_length=8, required=False, default="", allow_blank=True)
    acknowledge = serializers.BooleanField(
        required=False,
        default=True,
        help_text=(
            "Whether the customer gets the mail that their message arrived, with the notice about AI and the "
            "link to say no to it, as for a mail: once a day at most. False for imports."
        ),
    )


class ChangeSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What can be set on a ticket; what is left out stays."""

    status = serializers.ChoiceField(choices=[one.value for one in changing.GIVEN], required=False)
    assignee = serializers.IntegerField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)


class NoteSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A note for the team."""

    text = serializers.CharField(max_length=100_000)


class ReplySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A reply in a person's own words. `revision` as the ticket said when it was read."""

    text = serializers.CharField(max_length=100_000)
    revision = serializers.IntegerField(min_value=0)
    cc = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    bcc = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    status = serializers.ChoiceField(choices=["open", "pending", "solved"], required=False)


class ProblemSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Why something was refused, and what can be done (RFC 9457)."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    next_step = serializers.CharField(required=False)


class NewestChange(CursorPagination):
    """Tickets by their last change, newest first."""

    ordering = ("-updated_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class InboxViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Inboxes that the member sees."""

    serializer_class = InboxSerializer
    queryset = Inbox.objects.none()

    def get_queryset(self) -> QuerySet[Inbox]:
        """Those of the member."""
        ids = sight_of(member_of(self.request)).ids
        return Inbox.objects.all() if ids is None else Inbox.objects.filter(pk__in=ids)


class ArticleViewSet(viewsets.ReadOnlyModelViewSet):  # type: ignore[type-arg]
    """Articles, drafts too."""

    serializer_class = ArticleSerializer
    queryset = Article.objects.none()

    def get_queryset(self) -> QuerySet[Article]:
        """All of the organization."""
        return Article.objects.all()


class TicketViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Tickets of the inboxes that the member sees, by number."""

    serializer_class = TicketSerializer
    pagination_class = NewestChange
    lookup_field = "number"
    lookup_value_converter = "int"
    filter_backends = ()
    queryset = Ticket.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        """Narrowed by status, assignee, inbox and tag where the address says so."""
        ids = sight_of(member_of(self.request)).ids
        rows = Ticket.objects.select_related("customer").prefetch_related(
            "customer__addresses", "ticket_tags__tag"
        )
        rows = rows if ids is None else rows.filter(inbox_id__in=ids)
        return self._narrowed(rows) if self.action == "list" else rows

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.request.query_params
        if asked.get("status"):
            if asked["status"] not in Status.values:
                raise ValidationError({"status": [_("There is no such status.")]})
            rows = rows.filter(status=asked["status"])
        for name in ("assignee", "inbox"):
            value = asked.get(name, "")
            if value and not (value.isdecimal() and len(value) < 18):
                raise ValidationError({name: [_("A number, please.")]})
            rows = rows.filter(**{f"{name}_id": int(value)}) if value else rows
        return rows.filter(ticket_tags__tag__name=asked["tag"]) if asked.get("tag") else rows

    @extend_schema(
        parameters=[
            OpenApiParameter("status", str, enum=Status.values),
            OpenApiParameter("assignee", int),
            OpenApiParameter("inbox", int),
            OpenApiParameter("tag", str),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tickets, newest change first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewTicketSerializer, responses={201: TicketSerializer})
    def create(self, request: Request) -> Response:
        """Open a ticket for a customer, who is told so; the AI hears of it as of every message."""
        asked = self._asked(NewTicketSerializer)
        inbox = self._inbox(asked["inbox"])
        customer = customer_for(
            address=asked["address"].strip().lower(), name=asked["name"], language=asked["language"]
        )
        ticket, message = opening.open_request(
            inbox=inbox,
            customer=customer,
            subject=asked["subject"],
            text=asked["text"],
            channel="api",
            language=asked["language"],
        )
        acknowledging.after_opening(
            ticket=ticket, message=message, wanted=asked["acknowledge"], actor=member_of(request)
        )
        return Response(self._shown(ticket), status=status.HTTP_201_CREATED)

    def _inbox(self, pk: int) -> Inbox:
        ids = sight_of(member_of(self.request)).ids
        found = Inbox.objects.filter(pk=pk, is_active=True).first() if ids is None or pk in ids else None
        if found is None:
            raise ValidationError({"inbox": [_("There is no such inbox.")]})
        return found

    @extend_schema(request=ChangeSerializer, responses={200: TicketSerializer, 409: ProblemSerializer})
    def partial_update(self, request: Request, number: int) -> Response:
        """Set status, assignee, priority, tags."""
        ticket, member, asked = self.get_object(), member_of(request), self._asked(ChangeSerializer)
        if "assignee" in asked:
            changing.assign(ticket=ticket, assignee=_assignee(asked["assignee"]), member=member)
        if "status" in asked:
            changing.set_status(ticket=ticket, status=asked["status"], member=member)
        if "priority" in asked:
            changing.set_priority(ticket=ticket, priority=asked["priority"], member=member)
        if "tags" in asked:
            changing.set_tags(ticket=ticket, names=asked["tags"], member=member)
        return Response(self._shown(ticket))

    @extend_schema(responses={200: MessageSerializer(many=True)})
    @action(detail=True, methods=["get"], pagination_class=None)
    def messages(self, request: Request, number: int) -> Response:
        """The newest 200 messages of the ticket, oldest first."""
        rows = messages_of(self.get_object()).select_related("author__user")
        rows = rows.exclude(state__in=(MessageState.PREPARED, MessageState.CANCELLED))
        return Response(MessageSerializer(list(rows.order_by("-pk")[:200])[::-1], many=True).data)

    @extend_schema(request=NoteSerializer, responses={201: MessageSerializer})
    @action(detail=True, methods=["post"])
    def notes(self, request: Request, number: int) -> Response:
        """Add a note for the team."""
        asked = self._asked(NoteSerializer)
        note = replying.add_note(
            ticket=self.get_object(), member=member_of(request), text=asked["text"], interactive=False
        )
        return Response(MessageSerializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReplySerializer, responses={201: MessageSerializer, 409: ProblemSerializer})
    @action(detail=True, methods=["post"])
    def replies(self, request: Request, number: int) -> Response:
        """Send a reply in a person's own words. What the AI had a hand in is sent by a person in the desk."""
        asked = self._asked(ReplySerializer)
        try:
            message = replying.send_reply(
                ticket=self.get_object(),
                member=member_of(request),
                text=asked["text"],
                cc=asked["cc"],
                bcc=asked["bcc"],
                status_after=asked.get("status"),
                seen_revision=asked["revision"],
                interactive=False,
            )
        except NotAllowed as refused:
            return _refused(refused)  # a returned answer: the refusal stays on record
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    def _asked(self, serializer_class: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _shown(self, ticket: Ticket) -> dict[str, Any]:
        return dict(TicketSerializer(self.get_queryset().get(pk=ticket.pk)).data)


def _assignee(pk: int | None) -> Membership | None:
    if pk is None:
        return None
    found = Membership.objects.select_related("user").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such member."))
    return found


def _refused(error: HelpdeskError) -> Response:
    body = {"title": error.message, "status": status.HTTP_409_CONFLICT, "next_step": error.next_step}
    return Response(body, status=status.HTTP_409_CONFLICT, content_type="application/problem+json")
