"""What customers write about in their own words, counted by local rules in four languages; no text leaves for it."""

from __future__ import annotations

import re

from governance.core.sentence import gettext_noop

THEME_WORDS = {
    "waiting": gettext_noop("waiting"),
    "manner": gettext_noop("how we talk to them"),
    "understood": gettext_noop("being understood"),
    "right": gettext_noop("whether the answer was right"),
    "ai": gettext_noop("AI in our answers"),
    "person": gettext_noop("reaching a person"),
    "privacy": gettext_noop("their data"),
    "money": gettext_noop("money and prices"),
    "delivery": gettext_noop("delivery and goods"),
}

_RULES = {
    "waiting": (
        r"wait\w*|slow\w*|took (?:too )?long|too long|late|delay\w*|days later|quick\w*|fast\w*|prompt\w*"
        r"|gewartet|warten|wartezeit\w*|langsam\w*|zu lange|dauert\w*|schnell\w*|zügig\w*"
        r"|attend\w+|attente|lent\w*|trop long\w*|rapide\w*|vite"
        r"|esper(?:a|ar|ando|é|aba)\w*|lent[oa]s?|tard\w+|rápid\w+|pronto"
    ),
    "manner": (
        r"rude\w*|polite\w*|friendly|kind\w*|unfriendly|impersonal|cold|warm|helpful|arrogant\w*"
        r"|unhöflich\w*|höflich\w*|freundlich\w*|unfreundlich\w*|nett\w*|unpersönlich\w*|hilfsbereit\w*"
        r"|poli\w*|impoli\w*|aimable\w*|gentil\w*|impersonnel\w*|désagréable\w*"
        r"|amable\w*|educad\w+|maleducad\w+|simpátic\w+|impersonal|borde"
    ),
    "understood": (
        r"understand|understood|did(?: not|n't) read|not read|ignored|listen\w*|my question"
        r"|verstanden|verstehen|nicht gelesen|zugehört|meine frage|ignoriert"
        r"|compris\w*|comprend\w*|pas lu|écout\w+|ma question|ignoré\w*"
        r"|entend\w+|entiend\w+|no ley\w+|escuch\w+|mi pregunta|ignorad\w+"
    ),
    "right": (
        r"wrong|incorrect|mistake\w*|correct|not true|useless|solved|did(?: not|n't) help|helped"
        r"|falsch\w*|fehler\w*|stimmt\w* nicht|richtig\w*|nutzlos\w*|gelöst|geholfen"
        r"|faux|fausse|erreur\w*|incorrect\w*|inutile\w*|résolu\w*|aidé\w*"
        r"|incorrect\w+|error\w*|equivocad\w+|inútil\w*|resuelt\w+|ayud\w+"
    ),
    "ai": (
        r"ai|a\.i\.|robot\w*|bot|bots|chatbot\w*|chatgpt|machine|automat\w+|artificial"
        r"|ki|maschine\w*|künstliche\w*|ia|intelligence artificielle|inteligencia artificial|máquina\w*"
    ),
    "person": (
        r"real person|a person|a human|human|nobody|no one|someone real|phone|call(?:ed)?"
        r"|mensch\w*|echte\w* person|niemand\w*|telefon\w*|anruf\w*"
        r"|humain\w*|une personne|personne ne|téléphon\w+"
        r"|human[oa]s?|una persona|nadie|teléfono|llam\w+"
    ),
    "privacy": (
        r"privacy|my data|personal data|gdpr|spam|newsletter"
        r"|datenschutz|meine daten|dsgvo|vie privée|mes données|rgpd|privacidad|mis datos"
    ),
    "money": (
        r"refund\w*|money|price\w*|expensive|cost\w*|charged?|pay|paid|invoice"
        r"|erstatt\w*|geld|preis\w*|teuer\w*|kosten|rechnung\w*|bezahl\w*"
        r"|rembours\w*|argent|prix|cher|chère|coût\w*|facture\w*|pay[ée]\w*"
        r"|reembols\w*|dinero|precio\w*|car[oa]s?|coste\w*|factura\w*|pagad\w+"
    ),
    "delivery": (
        r"deliver\w*|parcel|package|shipp\w*|arrived|broken|damaged|product|item|quality"
        r"|liefer\w*|paket\w*|versand|angekommen|kaputt\w*|beschädigt\w*|produkt\w*|ware\w*|qualität"
        r"|livr\w+|colis|arrivé\w*|cassé\w*|abîmé\w*|produit\w*|qualité"
        r"|entreg\w+|paquete|envío\w*|llegad\w+|llegó|rot[oa]s?|dañad\w+|producto\w*|calidad"
    ),
}
_FOUND = {theme: re.compile(rf"(?<!\w)(?:{rule})(?!\w)", re.IGNORECASE) for theme, rule in _RULES.items()}


def themes_of(text: str) -> frozenset[str]:
    """What this text is about; empty where no rule finds anything."""
    return frozenset(theme for theme, rule in _FOUND.items() if rule.search(text))
