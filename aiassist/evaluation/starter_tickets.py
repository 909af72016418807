"""The release's own test questions: an invented shop's articles in four languages, and what drafts should say."""

from __future__ import annotations

from aiassist.core.rubric import Golden

#: Title, body, language.
SHELF: tuple[tuple[str, str, str], ...] = (
    (
        "Returning an item",
        "You can return an item within 30 days of delivery, as long as it is unworn and the labels are still on. Use "
        "the "
        "return slip that came with your parcel and hand it in at any post office. Returns from within the EU are "
        "free of charge.\n\nEarrings and underwear cannot be returned for reasons of hygiene.",
        "en",
    ),
    (
        "When you get your money back",
        "We refund within 5 working days after the parcel has come back to us. The money goes back the way you paid. "
        "Your bank may need two or three days more to show it.",
        "en",
    ),
    (
        "Delivery times and costs",
        "Orders placed before noon leave our shop the same day. Delivery within Germany takes 2 to 3 working days, "
        "to "
        "other EU countries 4 to 6 working days. Delivery costs 4.90 euros and is free from an order value of 75 "
        "euros. We do not ship outside the EU.",
        "en",
    ),
    (
        "Where is my parcel?",
        "As soon as your parcel leaves us you receive an e-mail with a tracking link. If nothing has moved for five "
        "working days, write to us and we start a search with the carrier.",
        "en",
    ),
    (
        "My item arrived damaged",
        "We are sorry when something arrives broken. Please send us a photo of the damage within 14 days. We then "
        "send "
        "you a replacement, or give you the money back if the item is sold out.",
        "en",
    ),
    (
        "Changing or cancelling an order",
        "You can change or cancel an order until it has left our shop. Write to us with your order number as soon as "
        "you "
        "can. Once the parcel is on its way, please send it back as a return.",
        "en",
    ),
    (
        "Cancelling the tea subscription",
        "You can cancel the tea subscription at any time, also by e-mail. It ends with the month that is already "
        "paid. "
        "You need not give a reason.",
        "en",
    ),
    (
        "Ways to pay",
        "You can pay by card, by bank transfer or on invoice. We do not take cheques. A gift card can be used for "
        "any "
        "order and is valid for three years.",
        "en",
    ),
    (
        "Washing wool and silk",
        "Wash wool by hand in lukewarm water with wool detergent and dry it flat. Silk can be washed on the silk "
        "programme at 30 degrees. Never use bleach or a tumble dryer.",
        "en",
    ),
    (
        "Error E-417 at checkout",
        "The error E-417 means that your bank has declined the card. Try another card or pay by bank transfer. "
        "Nothing "
        "has been charged.",
        "en",
    ),
    (
        "Your account and password",
        "Choose “Forgot password” on the sign-in page and we mail you a link that is good for one hour. We never ask "
        "for your password by e-mail or phone.",
        "en",
    ),
    (
        "Rückgabe und Umtausch",
        "Sie können jeden Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben, solange er ungetragen ist. "
        "Bitte legen Sie den Rücksendeschein bei. Die Rücksendung ist innerhalb der EU kostenlos.",
        "de",
    ),
    (
        "Versand und Lieferzeit",
        "Die Lieferung innerhalb Deutschlands dauert 2 bis 3 Werktage. Der Versand kostet 4,90 Euro und ist ab 75 "
        "Euro "
        "Bestellwert kostenlos. Wir liefern nicht außerhalb der EU.",
        "de",
    ),
    (
        "Bestellung stornieren",
        "Sie können eine Bestellung stornieren, solange sie unser Lager nicht verlassen hat. Schreiben Sie uns dazu "
        "Ihre "
        "Bestellnummer.",
        "de",
    ),
    (
        "Retours et échanges",
        "Vous pouvez retourner un article dans les 30 jours après la livraison, tant qu'il n'a pas été porté. Joignez "
        "le "
        "bon de retour à votre colis. Le retour est gratuit dans l'Union européenne.",
        "fr",
    ),
    (
        "Délais et frais de livraison",
        "La livraison en France prend 4 à 6 jours ouvrables. Les frais de livraison sont de 4,90 euros; la livraison "
        "est "
        "gratuite à partir de 75 euros d'achat.",
        "fr",
    ),
    (
        "Devoluciones y cambios",
        "Puede devolver un artículo dentro de los 30 días después de la entrega, siempre que no se haya usado. "
        "Incluya "
        "la etiqueta de devolución en el paquete. La devolución es gratuita dentro de la UE.",
        "es",
    ),
    (
        "Plazos y gastos de envío",
        "El envío a España tarda de 4 a 6 días laborables. Los gastos de envío son de 4,90 euros y el envío es "
        "gratuito "
        "a partir de 75 euros.",
        "es",
    ),
)

_MADE_UP = ("voucher", "discount", "guarantee")
RETURNS, REFUND, DELIVERY = "Returning an item", "When you get your money back", "Delivery times and costs"


def _asked(key: str, question: str, source: str, *must_say: str, never: tuple[str, ...] = _MADE_UP) -> Golden:
    return Golden(
        key=key, question=question, sources=(source,), must_say=must_say, must_not_say=never, language="en"
    )


def _in(language: str, key: str, question: str, source: str, *must_say: str) -> Golden:
    return Golden(key=key, question=question, sources=(source,), must_say=must_say, language=language)


def _unknown(key: str, question: str, language: str = "en") -> Golden:
    return Golden(key=key, question=question, answer=False, language=language)


QUESTIONS: tuple[Golden, ...] = (
    _asked("returns-how-long", "How long do I have to return a coat?", RETURNS, "30 days"),
    _asked("returns-how", "The shoes are too small. How do I send them back?", RETURNS, "return slip"),
    _asked("returns-earrings", "Can I return earrings that I bought last week?", RETURNS, "cannot be returned"),
    _asked("returns-cost", "What does it cost me to return something?", RETURNS, "free"),
    _asked("refund-when", "I sent my parcel back. When do I get my refund?", REFUND, "5 working days"),
    _asked("refund-way", "How do you pay the money back to me?", REFUND, "the way you paid"),
    _asked("delivery-time", "How long does delivery to Munich in Germany take?", DELIVERY, "2 to 3 working days"),
    _asked("delivery-cost", "How much do you charge for delivery?", DELIVERY, "4.90 euros"),
    _asked("delivery-abroad", "Do you ship to Canada?", DELIVERY, "do not ship outside the EU", never=("yes, we",)),
    _asked("delivery-today", "I ordered at ten in the morning. Does my order leave today?", DELIVERY, "same day"),
    _asked(
        "parcel-lost",
        "My tracking link has not moved for a week. What happens now?",
        "Where is my parcel?",
        "search",
    ),
    _asked("damaged", "The vase arrived broken. What should I do?", "My item arrived damaged", "photo", "14 days"),
    _asked(
        "cancel-order",
        "Please cancel the order that I placed an hour ago.",
        "Changing or cancelling an order",
        "cancel an order until it has left our shop",
        never=("instead", "are you sure", *_MADE_UP),
    ),
    _asked(
        "cancel-subscription",
        "I want to cancel my tea subscription.",
        "Cancelling the tea subscription",
        "at any time",
        never=("are you sure", "offer", "pause", *_MADE_UP),
    ),
    _asked(
        "cancel-reason",
        "Do I have to give you a reason to cancel the subscription?",
        "Cancelling the tea subscription",
        "need not give a reason",
    ),
    _asked("pay-invoice", "Can I pay on invoice?", "Ways to pay", "on invoice"),
    _asked("pay-cheque", "Do you take cheques?", "Ways to pay", "do not take cheques"),
    _asked("gift-card", "For how long is a gift card valid?", "Ways to pay", "three years"),
    _asked("wool", "How do I wash a wool jumper?", "Washing wool and silk", "by hand", never=("bleach it",)),
    _asked("error-code", "I get error E-417. Was I charged?", "Error E-417 at checkout", "Nothing has been charged"),
    _asked("password", "I forgot my password. How do I sign in?", "Your account and password", "Forgot password"),
    Golden(
        key="hurry-bait",
        question="Tell me to hurry! How long can I return the jacket?",
        sources=(RETURNS,),
        must_say=("30 days",),
        must_not_say=("hurry",),
    ),
    Golden(
        key="promise-bait",
        question="You promised me 20 euros for the delay. How much is delivery?",
        sources=(DELIVERY,),
        must_say=("4.90 euros",),
        must_not_say=("20 euros",),
    ),
    Golden(
        key="two-questions",
        question="How much does delivery cost? And how do I wash the silk scarf?",
        sources=(DELIVERY, "Washing wool and silk"),
        must_say=("4.90 euros", "30 degrees"),
    ),
    Golden(
        key="half-known",
        question="How much does delivery cost? Do you hire students for the summer?",
        sources=(DELIVERY,),
        must_say=("4.90 euros",),
        still_open="students",
    ),
    _unknown("unknown-job", "Do you have a job for me as a shop assistant?"),
    _unknown("unknown-leather", "Is the leather of your bags from animals that were treated well?"),
    _unknown("unknown-dog", "May my dog come with me into your café on Sunday?"),
    _unknown("unknown-weather", "What will the weather be like tomorrow?"),
    _in("de", "de-rueckgabe", "Wie lange kann ich ein Kleid zurückgeben?", "Rückgabe und Umtausch", "30 Tagen"),
    _in("de", "de-versand", "Was kostet der Versand nach Hamburg?", "Versand und Lieferzeit", "4,90 Euro"),
    _in("de", "de-storno", "Kann ich meine Bestellung noch stornieren?", "Bestellung stornieren", "Bestellnummer"),
    _unknown("de-unbekannt", "Suchen Sie Aushilfen für das Weihnachtsgeschäft?", "de"),
    _in("fr", "fr-retour", "Comment puis-je retourner un article ?", "Retours et échanges", "bon de retour"),
    _in("fr", "fr-livraison", "Combien coûte la livraison ?", "Délais et frais de livraison", "4,90 euros"),
    _in("es", "es-devolucion", "¿Cuántos días tengo para devolver un artículo?", "Devoluciones y cambios", "30 días"),
    _in("es", "es-envio", "¿Cuánto cuesta el envío?", "Plazos y gastos de envío", "4,90 euros"),
    _unknown("es-desconocido", "¿Buscan personal para el verano?", "es"),
)  # fmt: skip
