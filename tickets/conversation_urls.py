"""URLs of what an agent does with a conversation; part of the desk's (`tickets/urls.py`)."""

from __future__ import annotations

from django.urls import path

from tickets.views import blocked, conversation, undoing

conversation_urls = [
    path("undo/", undoing.undo_change, name="undo_change"),
    path("tickets/write/", conversation.write, name="ticket_write"),
    path("tickets/<int:number>/forward/", conversation.forward_newest, name="forward_newest"),
    path("tickets/<int:number>/merge/", conversation.merge, name="merge"),
    path("tickets/<int:number>/split/", conversation.split, name="split"),
    path("tickets/<int:number>/block/", conversation.block, name="block"),
    path("tickets/<int:number>/draft/throw-away/", undoing.throw_away, name="draft_throw_away"),
    path("tickets/<int:number>/draft/bring-back/", undoing.bring_back, name="draft_bring_back"),
    path("tickets/<int:number>/draft/forget/", undoing.forget, name="draft_forget"),
    path("tickets/<int:number>/draft/<int:pk>/take-over/", undoing.take_over, name="take_over"),
    path("tickets/<int:number>/messages/<int:pk>/forward/", conversation.forward, name="forward"),
    path("tickets/<int:number>/messages/<int:pk>/try-again/", undoing.try_again, name="try_again"),
    path("tickets/<int:number>/messages/<int:pk>/ask-owner/", undoing.ask_owner, name="ask_owner"),
    path("settings/blocked/", blocked.senders, name="blocked"),
    path("settings/blocked/<int:pk>/unblock/", blocked.unblock, name="unblock"),
]
