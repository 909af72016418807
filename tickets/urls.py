"""URLs of the tickets room: the desk at the root, its fragments, and the public help centre."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from tickets.conversation_urls import conversation_urls
from tickets.mailbox_urls import mailbox_urls
from tickets.views import (
    ai_switch,
    composer,
    desk,
    doing,
    files,
    importing,
    knowledge,
    latitude,
    new,
    notices,
    opening_hours,
    outbox,
    saved_views,
    second_look,
    starting,
    time,
)
from tickets.views import help as help_pages

desk_urls = [
    *conversation_urls,
    *mailbox_urls,
    path("", desk.home, name="home"),
    path("counts/", desk.counts, name="counts"),
    path("bulk/", desk.bulk, name="bulk"),
    path("how-are-we-doing/", doing.how, name="doing"),
    path("views/", saved_views.save, name="view_save"),
    path("views/<int:pk>/remove/", saved_views.remove, name="view_remove"),
    path("for-you/", notices.notices, name="notices"),
    path("for-you/link/", notices.link, name="notices_link"),
    path("for-you/seen/", notices.seen, name="notices_seen"),
    path("for-you/choices/", notices.choose, name="notices_choose"),
    path("tickets/<int:number>/colleagues/", notices.colleagues, name="colleagues"),
    path("tickets/new/", new.ticket_new, name="ticket_new"),
    path("tickets/<int:number>/", desk.ticket, name="ticket"),
    path("tickets/<int:number>/row/", desk.row, name="row"),
    path("tickets/<int:number>/thread/", desk.conversation, name="thread"),
    path("tickets/<int:number>/properties/", desk.properties, name="properties"),
    path("tickets/<int:number>/take/", desk.take, name="take"),
    path("tickets/<int:number>/solve/", desk.solve, name="solve"),
    path("hours/", opening_hours.hours, name="opening_hours"),
    path("hours/closed/<int:pk>/remove/", opening_hours.closed_remove, name="closed_remove"),
    path("tickets/<int:number>/latitude/", latitude.latitude, name="latitude"),
    path("tickets/<int:number>/latitude/topic/", latitude.topic_off, name="topic_off"),
    path("tickets/<int:number>/second-look/", second_look.page, name="second_look"),
    path("tickets/<int:number>/snooze/", time.snooze, name="snooze"),
    path("tickets/<int:number>/wake/", time.wake, name="wake"),
    path("tickets/<int:number>/next/", time.step, {"way": "next"}, name="next"),
    path("tickets/<int:number>/previous/", time.step, {"way": "previous"}, name="previous"),
    path("tickets/<int:number>/presence/", desk.presence, name="presence"),
    path("tickets/<int:number>/draft/", composer.draft_save, name="draft_save"),
    path("tickets/<int:number>/send/", composer.send, name="send"),
    path("tickets/<int:number>/files/", composer.attach_files, name="attach"),
    path("tickets/<int:number>/files/<int:pk>/remove/", composer.detach, name="detach"),
    path("tickets/<int:number>/replies/", composer.replies_picker, name="replies_picker"),
    path("tickets/<int:number>/replies/<int:pk>/", composer.reply_insert, name="reply_insert"),
    path("tickets/<int:number>/messages/<int:pk>/undo/", composer.undo, name="undo"),
    path("tickets/<int:number>/messages/<int:pk>/images/", files.images, name="images"),
    path("tickets/<int:number>/messages/<int:pk>/source/", files.source, name="source"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("ai/", ai_switch.switch, name="ai_switch"),
    path("ai/stop/", ai_switch.stop, name="ai_stop"),
    path("ai/start/", ai_switch.start, name="ai_start"),
    path("articles/", knowledge.articles, name="articles"),
    path("articles/new/", knowledge.article, name="article_new"),
    path("articles/starters/", starting.starter_articles, name="starters"),
    path("articles/import/", importing.imports, name="imports"),
    path("articles/import/<int:pk>/", importing.import_one, name="import"),
    path("articles/import/<int:pk>/state/", importing.import_state, name="import_state"),
    path("articles/import/<int:pk>/add/", importing.import_add, name="import_add"),
    path("articles/import/<int:pk>/again/", importing.import_again, name="import_again"),
    path("articles/import/<int:pk>/take-back/", importing.import_take_back, name="import_take_back"),
    path("articles/import/<int:pk>/forget/", importing.import_forget, name="import_forget"),
    path("articles/<int:pk>/", knowledge.article, name="article"),
    path(
        "articles/<int:pk>/publish/", knowledge.article_action, {"action": "publish"}, name="article_publish"
    ),
    path(
        "articles/<int:pk>/withdraw/",
        knowledge.article_action,
        {"action": "withdraw"},
        name="article_withdraw",
    ),
    path("articles/<int:pk>/remove/", knowledge.article_action, {"action": "remove"}, name="article_remove"),
    path("replies/", knowledge.replies, name="replies"),
    path("replies/new/", knowledge.reply, name="reply_new"),
    path("replies/<int:pk>/", knowledge.reply, name="reply"),
    path("replies/<int:pk>/remove/", knowledge.reply_remove, name="reply_remove"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<str:key>/", outbox.outbox_mail, name="outbox_mail"),
    path("my-profile/", RedirectView.as_view(pattern_name="profile"), name="profile"),
]

urlpatterns = [
    path("", include((desk_urls, "desk"))),
    # The names by which other rooms link here.
    path("", desk.home, name="desk"),
    path("tickets/<int:number>/", desk.ticket, name="ticket"),
    path("help/", help_pages.help_centre, name="help"),
    path("help/<slug:slug>/", help_pages.help_article, name="help-article"),
]
