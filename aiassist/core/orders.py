"""Words that are meant for an AI and not for a person: found in messages and sources, never followed, and said."""

from __future__ import annotations

import re

from aiassist.core.disguise import readings
from aiassist.core.text import fold

#: Read over small letters without accents. A sentence of a shop to its customers has none of these.
_ORDERS = (
    r"(?:ignor\w*|disregard\w*|forget|override|bypass|skip|delete) (?:\w+ ){0,3}(?:instruction|rule|guideline|prompt|polic|direction|above|previous|prior|sources?\b|everything)\w*",
    r"(?:your|the|its|my) (?:system |hidden |secret |original |initial |developer )?(?:prompt|system message|instructions to you)\b",
    r"\b(?:ai|ki|ia) ?(?:assistants?|bots?|agents?|models?|tools?|systems?) (?:must|should|have to|shall|need to|always|never|please)|(?:^|\W)to (?:the|all|any|every) (?:ai|assistant|bot|chatbot|model)s?\s*[:,]",
    r"system prompt|developer mode|jailbreak|dan mode|do anything now|god mode|debug mode|root mode",
    r"you are (?:now |no longer )?(?:a |an |the )?(?:\w+ )?(?:ai|assistant|chatbot|bot|language model|llm|gpt|dan)\b|as an (?:ai|llm|language model)",
    r"(?:note|message|instruction|attention|memo|hint|order)s? (?:to|for) (?:the |all |any |every )?(?:\w+ )?(?:ai|assistants?|bots?|chatbot|model|llms?|agent reading)",
    r"(?:dear|hey|hello|hi) (?:ai|assistant|chatbot|gpt|bot|model|robot)\b|\b(?:ai|assistant|chatbot|gpt)(?: model)?,? (?:please|you must|do|write|say|add|reply|send|print|repeat|reveal|output)",
    r"(?:print|repeat|reveal|show|output|translate|quote|encode|recite|tell me) (?:\w+ ){0,4}(?:your|the) (?:\w+ )?(?:instructions|rules|prompt|configuration|guidelines|system)",
    r"(?:everything|text|words|all) (?:above|before) this|(?:above|previous) (?:text|conversation|messages?) verbatim",
    r"(?:respond|reply|answer) (?:only |exactly |just )?with (?:only |exactly |just |the word|the following)|output exactly|write exactly",
    r"new (?:instructions?|rules?|task|role|orders?)\s*[:=-]|end of (?:source|message|customer|instructions|document|prompt)|begin (?:new )?(?:instructions|system)",
    r"\"?no_answer\"?|\"sentences\"\s*:|customer_message|im_start|im_end|endoftext|\[/?inst\]|<</?sys>>",
    r"(?:pretend|act|behave|roleplay|imagine)(?: that)? (?:to be|as|you(?:'re| are)) (?:\w+ ){0,4}(?:ai|assistant|admin|developer|system|unrestricted|no rules|manager|owner)",
    r"(?:mark|label|cite|attribute) (?:\w+ ){0,4}(?:as|to|with) (?:supported|grounded|source|s1|approved)",
    r"(?:send|forward|email|mail|post|exfiltrate|leak) (?:\w+ ){0,6}(?:data|addresses|list|names|records|tickets|prompt) (?:\w+ )?(?:to|at)\b",
    r"ignorier\w* (?:\w+ ){0,4}(?:anweisung|regel|vorgabe|obige|vorherige)\w*|vergiss (?:\w+ ){0,4}(?:anweisung|regel|alles)\w*",
    r"(?:deine|ihre|die) (?:system)?(?:anweisungen|prompt|instruktionen)\b|du bist (?:jetzt|nun|ab jetzt)|(?:an|fur) die (?:ki|ai)\b|gib (?:\w+ ){0,4}(?:prompt|anweisung\w*|regeln) aus",
    r"ignore[rz]? (?:\w+ ){0,4}(?:instruction|consigne|regle)s?|oublie[rz]? (?:\w+ ){0,4}(?:instruction|consigne|regle)s?|tu es (?:maintenant|desormais)|(?:tes|vos) (?:instructions|consignes)\b|(?:a|pour) l'ia\b",
    r"(?:ignora|ignore|olvida|olvide|omite) (?:\w+ ){0,4}(?:instruccion|regla|indicacion)\w*|ahora eres|(?:tus|sus) instrucciones\b|(?:para|a) la ia\b|asistente de ia",
    r"ignora (?:\w+ ){0,4}(?:istruzioni|regole)|negeer (?:\w+ ){0,4}(?:instructies|regels)|ignoruj (?:\w+ ){0,4}instrukcje|onceki talimatlar|ignore as instrucoes",
    r"игнорируй|проигнорируй|забудь (?:все|предыдущ)|忽略|无视|無視|이전 지시|무시하|تجاهل|以前の指示|指示を",
)
_FOUND = re.compile(rf"(?:{'|'.join(f'(?:{one})' for one in _ORDERS)})")


def orders_an_ai(text: str) -> bool:
    """Whether a text, as it stands or in a simple disguise, has words that want to steer an AI."""
    return any(_FOUND.search(fold(one).replace("’", "'")) for one in readings(text) if one)
