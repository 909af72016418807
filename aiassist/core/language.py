"""Tell the language of a customer's text, or admit that it is too short to tell."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
UNDECIDED = "und"
#: Below this probability the answer is "und": one word that two languages share is no proof.
SURE = 0.65

_NOISE = re.compile(r"https?://\S+|\S+@\S+|\[[A-Z]+_[\d_]+\]|[\w.-]*\d[\w.-]*|[<>|*_#=~^\[\]{}]+")
#: Words of short mails that are letters of one language only, whatever the statistics of letters say.
_TELLING = {
    "en": "hello hi order refund where please thanks thank my the your with parcel delivery shipping invoice cancel"
    " returned broken missing wrong help account booking flight"
    " lost luggage label late delayed address size received item change missing damaged",
    "de": "hallo bestellung bitte danke rechnung lieferung paket wo ist mein meine und nicht rückgabe defekt kaputt"
    " falsche fehlt stornieren buchung flug anfrage frage guten"
    " neue neuer adresse gepäck verlorenes größe beschädigt verspätung fehler änderung",
    "fr": "bonjour commande merci facture livraison colis mon ma je est pas remboursement annuler retour où votre"
    " perdu perdue cassé cassée abîmé manquante taille retard reçu reçue article remboursé",
    "es": "hola pedido gracias factura envío paquete mi el por favor devolución reembolso dónde cancelar está vuelo"
    " talla equivocada equivocado roto rota equipaje perdido falta cambio dirección retraso recibido",
    "it": "ciao buongiorno ordine grazie fattura spedizione pacco il mio rimborso dove annullare reso volo salve"
    " smarrito smarrita taglia sbagliata mancante bagaglio ritardo rotto",
    "nl": "hoi bestelling bedankt factuur levering pakket mijn het niet terugbetaling waar annuleren graag retour"
    " verloren maat verkeerde ontbreekt ontvangen vertraging kwijt beschadigd",
    "pt": "olá encomenda obrigado obrigada fatura envio meu minha não reembolso onde cancelar voo"
    " tamanho errado fatura bagagem perdida atraso recebida morada",
}
_TELLING_WORDS: dict[str, set[str]] = {}
for _language, _text in _TELLING.items():
    for _word in _text.split():
        _TELLING_WORDS.setdefault(_word, set()).add(_language)
_BONUS = 1.2


def detect(text: str) -> str:
    """Return one of `LANGUAGES`, or "und" for a text that is too short or too unsure."""
    return detect_with_confidence(text)[0]


def detect_with_confidence(text: str) -> tuple[str, float]:
    """Return the language and its probability among `LANGUAGES`."""
    clean = " ".join(_NOISE.sub(" ", text[:2000]).split())
    if sum(letter.isalpha() for letter in clean) < 3:
        return UNDECIDED, 0.0
    ranked = dict(_identifier().rank(clean.lower()))
    scores = {language: float(ranked.get(language, 0.0)) for language in LANGUAGES}
    words = re.findall(r"[^\W\d_]+", clean.lower())
    if len(words) <= 8:
        scores = _with_telling_words(scores, words)
    language = max(scores, key=lambda name: scores[name])
    share = scores[language] / (sum(scores.values()) or 1.0)
    return (language if share >= SURE else UNDECIDED), round(share, 4)


def _with_telling_words(scores: dict[str, float], words: list[str]) -> dict[str, float]:
    better = dict(scores)
    for word in words:
        for language in _TELLING_WORDS.get(word, ()):
            better[language] += _BONUS / len(_TELLING_WORDS[word])
    return better


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
