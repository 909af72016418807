"""The words by which a sentence promises something, denies something, or is only polite (en, de, fr, es)."""

from __future__ import annotations

import re

from aiassist.core.text import fold

#: What a firm may be held to. A draft may say it only if its source does. Patterns over folded text.
_COMMITMENTS = {
    "refund": r"refund\w*|reimburs\w*|money back|geld zuruck|erstatt\w*|ruckerstatt\w*|gutschr\w*|rembours\w*|reembols\w*"
    r"|devolver\w* el dinero",
    "compensation": r"compensat\w*|entschadig\w*|schadensersatz|ausgleichszahlung|indemni\w*|dedommag\w*|goodwill|kulanz\w*",
    "free": r"free of charge|for free|at no (?:extra )?(?:cost|charge)|complimentary|on the house|our treat|kostenlos\w*|kostenfrei"
    r"|gratis|umsonst|gratuit\w*|sans frais|sin cos(?:te|to)|we (?:will )?(?:pay|cover)|wir (?:zahlen|ubernehmen)",
    "discount": r"discount\w*|voucher\w*|coupon\w*|% off|rebate\w*|price reduction|rabatt\w*|gutschein\w*|nachlass|reduction|remise"
    r"|bon d.achat|descuento\w*|vale\b|cupon\w*",
    "guarantee": r"guarant\w*|we promise|i promise|warrant\w*|garanti\w*|versprech\w*|zusicher\w*|promet\w*|garantiz\w*",
    "exception": r"exception\w*|waive\w*|ausnahm\w*|verzicht\w*|exceptionnel\w*|excepcion\w*",
    "law": r"entitled|liab\w+|legal\w*|lawsuit|by law|anspruch\w*|rechtlich|gesetzlich\w*|haft\w+|droit a|legale\w*|derecho a"
    r"|responsab\w+",
    "replace": r"replacement\w*|replace(?:d|s)?|ersatz\w*|ersetz\w*|remplac\w*|reemplaz\w*|sustitu\w*",
    "today": r"today|heute|aujourd.hui|hoy|immediately|right away|sofort|umgehend|immediatement|inmediatamente",
    "tomorrow": r"tomorrow|morgen|demain|manana|within the hour|overnight",
    "weekday": r"(?:by|on|until|this|next) (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:bis|am|kommenden) (?:mon|diens|donners|frei|sams|sonn)tag"
    r"|bis mittwoch|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)",
    "ever": r"for ?ever|for life|lifetime|unlimited\w*|fur immer|lebenslang|unbegrenzt|a vie|illimite\w*|para siempre|de por vida|ilimitad\w*",
    "full": r"full (?:refund|amount|price)|in full|(?:entire|whole) (?:amount|price)|twice the|double the|voll\w* (?:betrag|preis)|gesamt\w* betrag|doppelt\w*"
    r"|integral\w*|totalite|le double|importe (?:integro|completo|total)|el doble",
    # What only a person can have done: a draft knows of nothing that was done for this customer.
    "done": r"(?:i|we)(?:'ve| have)? (?:just |already |now |also )?(?:chang|activat|doubl|cancel|refund|call|check|reserv|book|correct|extend|credit|mov|ask|arrang"
    r"|transferr|add|remov|updat|order|inform|contact|receiv|process|ship|waiv|lock|reset|clos|delet|eras|approv|confirm|solv|fix|repair|replac)\w*ed|(?:i|we)(?:'ve| have)? (?:just |already |now )?(?:sent|paid|told|made|took|taken|put)"
    r"|(?:i|we) (?:changed|moved|waived|closed|doubled|cancelled|booked|called|asked|checked|added|reserved|activated|refunded)"
    r"|(?:habe|haben)(?: ich| wir)? [^.?!]{0,50}(?:geandert|storniert|erstattet|gebucht|reserviert|verlangert|gutgeschrieben|angerufen|gepruft|veranlasst|verschickt|uberwiesen)"
    r"|(?:j'ai|nous avons|nous vous avons) (?:deja |bien )?(?:change|annule|rembourse|reserve|prolonge|credite|appele|verifie|envoye|modifie)\w*"
    r"|(?:he|hemos|le hemos) (?:ya )?(?:cambiado|cancelado|reembolsado|reservado|ampliado|abonado|llamado|comprobado|enviado|anulado)",
    "never": r"never again|always be|nie wieder|plus jamais|nunca mas",
}
_COMPILED = {name: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for name, pattern in _COMMITMENTS.items()}


def commitments(text: str) -> frozenset[str]:
    """Names of the kinds of promise that a text makes."""
    folded = fold(text)
    return frozenset(name for name, pattern in _COMPILED.items() if pattern.search(folded))


_NEGATION = re.compile(
    r"(?<!\w)(?:not|no|never|none|without|cannot|can't|won't|don't|doesn't|isn't|aren't|unable|impossible|neither|nor|excluded"
    r"|nicht|kein\w*|nie|niemals|ohne|unmoglich|weder|ausgeschlossen"
    r"|ne|n'\w+|pas|jamais|aucun\w*|sans|impossible|exclu\w*|nunca|ningun\w*|sin|tampoco|imposible)(?!\w)"
)


def negations(text: str) -> int:
    """How often a text says no; "no longer than" and "not only" are no denials."""
    folded = re.sub(
        r"not only|no later than|no longer than|nicht nur|non seulement|no solo",
        " ",
        fold(text).replace("’", "'"),
    )
    return len(_NEGATION.findall(folded))


_NAME = r"(?:[ ,]+(?:\[[A-Z]+_[\d_]+\]|(?-i:[A-ZÄÖÜÉ][\w'’.-]*)(?: (?-i:[A-ZÄÖÜÉ][\w'’.-]*)){0,3}))?"
_NEUTRAL = (
    rf"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)){_NAME}",
    r"(?:thank you|thanks)(?: (?:very|so) much| a lot)?(?: again)?(?: for (?:your|the) (?:message|e-?mail|patience|question|interest|order"
    r"|understanding|feedback|reply|photos?)(?: and (?:your )?(?:patience|understanding|interest))?| for (?:writing|getting in touch"
    r"|contacting us|reaching out|letting us know|asking)(?: (?:to|with) us)?)?",
    r"(?:i am|i'm|we are|we're) (?:very |really |so |truly )?(?:sorry|happy|glad|pleased)(?: (?:to (?:hear|read|learn) (?:that|this|about (?:this|that|it))"
    r"|about (?:this|that|it)|for (?:the|any|this) (?:trouble|inconvenience|delay|wait|confusion)|that you (?:had|have had) trouble|you wrote))?",
    r"(?:we |i )?(?:apologi[sz]e|understand)(?: (?:for (?:the|any|this) (?:trouble|inconvenience|delay|wait)|(?:that )?this (?:is|must be) (?:frustrating"
    r"|annoying|disappointing|upsetting)|your (?:frustration|disappointment|concern)))?",
    r"(?:i|we) (?:can )?(?:understand|see) (?:that|how) (?:this|that|it) (?:is|must be|can be) (?:frustrating|annoying|disappointing|upsetting)",
    r"(?:please )?(?:let (?:us|me) know|feel free to (?:reply|write|ask)|just reply|write to us(?: again)?)(?: (?:if|whether) (?:you have|there are) any"
    r" (?:more |other |further )?questions| if (?:anything|something) is (?:still )?(?:open|unclear)| (?:to|at) this (?:message|e-?mail)| anytime)*",
    r"if (?:anything|something) is still open,? just reply(?: to this (?:message|e-?mail))?",
    r"if you have any (?:more |other |further )?questions,? (?:just|please|simply|feel free to) (?:reply|write|let (?:us|me) know|ask)(?: to (?:us|this (?:message|e-?mail)))?",
    r"(?:i|we) hope (?:this|that) helps(?: you)?",
    r"have a (?:nice|good|lovely|great) (?:day|evening|weekend)",
    rf"(?:(?:kind|best|warm|many)(?:est)? )?(?:regards|wishes){_NAME}|(?:yours )?(?:sincerely|faithfully){_NAME}|best|cheers",
    rf"(?:hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?(?: (?:frau|herr|damen und herren))?|moin){_NAME}",
    r"(?:vielen|herzlichen|besten) dank(?: für (?:ihre|deine|die) (?:nachricht|anfrage|geduld|e-?mail|mail|frage|rückmeldung|verständnis))?",
    r"danke(?: für (?:ihre|deine|die) (?:nachricht|anfrage|geduld|e-?mail|frage))?",
    r"(?:es|das) tut (?:uns|mir) (?:sehr )?leid(?:,? (?:das|dies) zu (?:hören|lesen))?|(?:wir )?(?:entschuldigen uns|bitten um entschuldigung)(?: für die"
    r" (?:unannehmlichkeiten|verzögerung|wartezeit|umstände))?",
    r"(?:bei (?:weiteren )?(?:rück)?fragen (?:antworten|schreiben|melden) sie (?:sich |uns )?(?:einfach|gerne?|bitte)?(?: (?:bei uns|auf diese nachricht))?)",
    rf"(?:mit )?(?:freundlichen?|herzlichen?|besten|vielen?|lieben?) grü(?:ß|ss)en?{_NAME}",
    rf"(?:bonjour|bonsoir|cher|chère|madame|monsieur){_NAME}",
    r"(?:nous vous )?(?:merci|remercions)(?: beaucoup)?(?: (?:pour|de) votre (?:message|patience|e-?mail|question|demande|compréhension))?",
    r"(?:nous sommes|je suis) (?:sincèrement )?désolée?s?(?: (?:pour|de) (?:ce|cette|la|le) (?:désagrément|gêne|retard|situation))?",
    r"n['’]hésitez pas à nous (?:répondre|écrire|contacter)(?: si vous avez (?:d['’]autres|des) questions)?",
    rf"(?:bien )?cordialement{_NAME}|(?:sincères|meilleures) salutations{_NAME}",
    rf"(?:hola|buenos días|buenas tardes|estimad[oa]s?|querid[oa]){_NAME}",
    r"(?:muchas )?gracias(?: por (?:su|tu) (?:mensaje|paciencia|correo|consulta|pregunta|comprensión))?",
    r"(?:lo (?:sentimos|siento)(?: mucho)?|(?:sentimos|lamentamos) (?:las molestias|lo ocurrido|el retraso))",
    r"si (?:tiene|tienes) (?:alguna |más )?(?:dudas?|preguntas?),? (?:respóndanos|respondanos|escríbanos|responda a este mensaje)",
    rf"(?:un )?(?:cordial |cordiales )?saludos?(?: cordial(?:es)?)?{_NAME}|atentamente{_NAME}",
)
_NEUTRAL_PATTERN = re.compile(rf"(?:{'|'.join(_NEUTRAL)})", re.IGNORECASE)


def is_neutral(text: str) -> bool:
    """Whether a sentence is nothing but a greeting, thanks, regret or closing: it must match whole."""
    return _NEUTRAL_PATTERN.fullmatch(" ".join(text.split()).strip(" .,!:;\u2013-")) is not None


NUMBER_WORDS = {
    fold(word): str(number)
    for number, words in {
        2: "two zwei deux dos twice zweimal",
        3: "three drei trois tres",
        4: "four vier quatre cuatro",
        5: "five fünf cinq cinco",
        6: "six sechs seis",
        7: "seven sieben sept siete",
        8: "eight acht huit ocho",
        9: "nine neun neuf nueve",
        10: "ten zehn dix diez",
        12: "twelve zwölf douze doce",
        14: "fourteen vierzehn quatorze catorce",
        15: "fifteen fünfzehn quinze quince",
        20: "twenty zwanzig vingt veinte",
        24: "twentyfour vierundzwanzig",
        30: "thirty dreißig dreissig trente treinta",
        48: "achtundvierzig",
        50: "fifty fünfzig cinquante cincuenta",
        60: "sixty sechzig soixante sesenta",
        90: "ninety neunzig noventa",
        100: "hundred hundert cent cien",
    }.items()
    for word in words.split()
}
MONTHS = {
    fold(word): f"month:{number}"
    for number, words in enumerate(
        (
            "january januar janvier enero",
            "february februar février febrero",
            "march märz mars marzo",
            "april avril abril",
            "mai mayo",
            "june juni juin junio",
            "july juli juillet julio",
            "august août agosto",
            "september septembre septiembre",
            "october oktober octobre octubre",
            "november novembre noviembre",
            "december dezember décembre diciembre",
        ),
        start=1,
    )
    for word in words.split()
}
