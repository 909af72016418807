"""The phrases that press a customer, in the languages of the shipped mails. Read over small letters without accents."""

from __future__ import annotations

#: Pressing whatever the customer wrote. Each line is one pattern.
RULES: dict[str, str] = {
    "hurry": r"""
act (?:now|fast|quickly)|(?<!no )(?<!not in a )hurry|(?:last|final) (?:chance|call|opportunity)|now or never
only today|today only
before it(?:'| i)?s (?:too late|gone)|don'?t (?:miss|wait)|do not (?:miss|wait)
(?:clock is|time is) (?:ticking|running out)|no time to (?:lose|waste)
decide (?:today|now|quickly|at once)
(?:order|buy|book|pay|sign|confirm|secure|grab|get)(?: \w+){0,3} (?:right now|immediately|while you (?:still )?can|before (?:it is|somebody|someone|others))
(?:within|in) the (?:next|hour)[^.?!]{0,40}(?:offer|gone|deal|lost)
(?:offer|deal|price|discount)s?(?: \w+){0,2} (?:(?:ends?|expires?) (?:tonight|today|soon|at midnight|in \w+ (?:hours|minutes))|is over|is gone|will not come back|won'?t come back)
(?:confirm|pay|book|order|reply)\b[^.?!]{0,40}within the next \w+ (?:minutes|hours)
prices? (?:go(?:es)?|will go|are going) up|would not hesitate|wouldn'?t hesitate|secure yours
nur (?:noch )?heute (?:guenstig|gunstig|im angebot|zu diesem preis)|jetzt (?:zugreifen|zuschlagen|sichern)
(?:greifen|schlagen) sie (?:jetzt |schnell |gleich )?zu|letzte (?:chance|gelegenheit)|schnell sein
(?:be)?eilen sie|entscheiden sie sich (?:\w+ ){0,2}(?:schnell|jetzt|heute|sofort)|bevor es zu spat
nur kurze zeit|zogern sie nicht|jetzt oder nie
angebot (?:endet|lauft|gilt nur)[^.?!]{0,30}(?:heute|mitternacht|bald|ab)
derniere (?:chance|occasion)|depechez|faites vite|decidez-vous|seulement aujourd'hui
avant qu'il ne soit trop tard|maintenant ou jamais|profitez-en (?:tout de suite|vite|maintenant|avant)
n'attendez (?:plus|pas)|ne tardez pas
l'offre (?:se termine|expire|prend fin)[^.?!]{0,20}(?:ce soir|demain|bientot|minuit|aujourd)
ultima (?:oportunidad|llamada)|(?:date|dese) prisa|no (?:espere|pierda|esperes) mas|no deje pasar|decidase
solo (?:por )?hoy (?:a|al|con)|antes de que sea tarde|demasiado tarde|ahora o nunca
aproveche (?:la|esta|nuestra) (?:oferta|oportunidad|promocion)
la oferta (?:termina|acaba|caduca)[^.?!]{0,20}(?:hoy|noche|manana|pronto)
""",
    "scarcity": r"""
only \w+ (?:\w+ )?left(?! in the parcel)|(?:just|only) a (?:few|handful)[^.?!]{0,25}(?:left|remaining|at this)
(?:almost|nearly) (?:sold out|gone)|sell(?:s|ing) (?:out |very )?(?:fast|quickly|within|every)
while (?:stocks?|supplies) lasts?
(?:customers|people|others|guests|shoppers)(?: \w+){0,3} (?:are looking at|are viewing|have this|want this|have it in)
stock is (?:very )?(?:low|limited)|(?:very |strictly )limited (?:stock|number|quantit)
(?:will|do) not get (?:it|them|any) again
nur noch (?:\w+ ){0,2}(?:stuck|ubrig|verfugbar|exemplare|platze|zimmer)|fast ausverkauft
solange (?:der )?vorrat reicht|(?:gehen|sind) schnell weg
(?:sehen|schauen) sich[^.?!]{0,30}(?:andere|kunden)[^.?!]{0,40}\ban\b
(?:andere|viele) (?:kunden|gaste|personen)[^.?!]{0,30}(?:interessieren|angesehen|im warenkorb)
plus que (?:quelques|deux|trois|\d+)
(?:ne reste|reste) (?:plus )?que (?:\w+) (?:exemplaires?|pieces?|places?|chambres?|articles?)
(?:presque|bientot) epuise|dans la limite des stocks|d'autres (?:clients|personnes) (?:regardent|consultent)
(?:solo|unicamente) quedan|quedan (?:muy )?poc[oa]s|casi agotad|hasta agotar existencias|ultimas unidades
(?:otras|muchas) personas (?:estan )?(?:mirando|viendo)
""",
    "fear": r"""
(?:will|would|might|may) (?:\w+ )?(?:regret|be sorry)|lose (?:everything|all (?:your|of your|the))|or else\b
gone (?:for good|forever)[^.?!]{0,40}(?:nobody|help|never)|never (?:find|get|see)[^.?!]{0,30}(?:again|like this)
(?:could|would|will) be left with|serious risk|put(?:ting)? your (?:family|home|children|health) at risk
steps that you will not like|imagine what (?:happens|would|could|will)|worst case|you will not like
(?:werden|wurden) (?:sie )?(?:es |das )?(?:sehr )?bereuen|sonst verlieren sie|im schlimmsten fall
auf (?:\w+ ){0,2}kosten sitzen|stellen sie sich vor, was|verlieren sie alle|nie wieder (?:so|einen|ein)
vous (?:allez |risquez de )?(?:le |la )?regrett|au pire|imaginez ce qui|vous (?:allez )?perd(?:re|rez) tou[st]
risquez gros
se arrepentira|lo lamentara|perdera (?:tod[oa]s|todo)|imaginese lo que|en el peor de los casos
corre un (?:gran |grave )?riesgo
""",
    "blame": r"""
your own (?:fault|mistake|doing)
you should(?:'ve| have) (?:\w+ )?(?:known|read|checked|looked|thought|told|paid)
you (?:clearly |obviously |simply )?(?:failed to|forgot to read|ignored|did not (?:even )?(?:look|read|bother|follow|pay attention))
yourself to blame|(?:only|just) blame yourself
if you had (?:only )?(?:followed|read|listened|looked|checked|told|paid)|anyone can see|any child
as (?:we|i) (?:already |have already |had already )?(?:told|explained|said|wrote)[^.?!]{0,25}(?:twice|three times|several times|again|before|already)
as (?:we|i) already (?:told|explained)
(?:we|i) (?:are|am)(?: \w+)? disappointed (?:that you|in you|by you)
after (?:all|everything) (?:that )?we (?:did|have done)|your (?:complaint|review|return)s?(?: \w+)? hurts?
costs us (?:a lot|dearly|so much)|think about that before
(?:ihre eigene|allein ihre) schuld|selbst (?:schuld|zuzuschreiben)
hatten sie (?:\w+ ){0,4}(?:wissen|lesen|sehen|prufen|beachten) mussen
sie hatten (?:\w+ ){0,6}(?:wissen|lesen|sehen|prufen|beachten) (?:mussen|konnen)
wie (?:wir|ich) (?:ihnen )?(?:bereits|schon)[^.?!]{0,20}(?:gesagt|mitgeteilt|erklart)|enttauscht, dass sie
zuzuschreiben
de votre (?:propre )?faute|vous auriez du (?:l[ea] |l')?(?:savoir|lire|verifier|regarder|faire)
comme (?:nous vous l'avons|je vous l'ai) deja|decus? que vous|vous n'avez qu'a vous en prendre
su propia culpa|tiene la culpa|(?:deberia|debio) haber(?:lo)? (?:sabido|leido|comprobado|mirado)
debio (?:leer|comprobar)|como ya le (?:dijimos|dije|explicamos)|decepcionad[oa]s? (?:de )?que usted
""",
    "price": r"""
(?:personal|individual|special) (?:price|rate|fare|tariff) (?:is|for you|just|of|today)
(?:price|rate|deal|discount) (?:just|only|especially|specially|exclusively) for you|(?:price|rate) for you is
price just for
based on your (?:profile|location|history|device|age|income|behaviou?r|purchases|address|area)
(?:looking at|judging by|given) (?:how often you|your (?:profile|history|device|address|searches))
(?:because|since|as) you(?:'re| are| were| have| use| live| ordered| searched| came| bought)[^.?!]{0,70}(?:price|rate|fare|costs? you|you pay|charge|(?:repair|it|this) for \d)
customers (?:of|in|from) your (?:age|area|region|neighbou?rhood|country)[^.?!]{0,40}(?:pay|price|cost)
(?:please )?do(?: not|n'?t) tell (?:anyone|anybody|others)
(?:personlich|individuell)\w* (?:preis|tarif|satz)|preis (?:nur|extra|speziell) fur sie
(?:aufgrund|anhand) ihres (?:profils|wohnorts|standorts|gerats|alters|verhaltens)
(?:da|weil) sie [^.?!]{0,60}(?:preis|kostet sie|zahlen sie)|kunden (?:in|aus) ihre[mr] (?:alter|gegend)
(?:prix|tarif) (?:personnel|individuel|rien que pour vous|juste pour vous)
d'apres votre (?:profil|adresse|age|historique|appareil)
(?:en fonction|compte tenu) de votre (?:profil|adresse|age|historique)
(?:precio|tarifa) (?:personal|individual|solo para usted|especial para usted es)
segun su (?:perfil|edad|direccion|historial|dispositivo)|en funcion de su (?:perfil|edad|historial)
""",
    "hinder": r"""
before you (?:cancel|leave|go|return)[^.?!]{0,15}(?:consider|think|remember|let us|look)
(?:are you|you are) (?:really |quite |absolutely )+sure
sure (?:that )?you (?:really )?want to (?:leave|cancel|go|quit|lose|give)|hate to see you go
sorry to see you go, (?:so|but)
change your mind|please reconsider|think (?:it|this|that) over|give (?:us|it) another (?:chance|try)
(?:would you|wouldn'?t you|would you not|don'?t you)(?: not)? rather keep|retention team|you will miss (?:it|us)
everything (?:that )?you would (?:give up|lose)
(?:not|hardly|barely) (?:really )?worth (?:the|your|it)
(?:refunds?|returns?|cancellations?|cancelling)[^.?!]{0,20}(?:very |quite |so |rather )?(?:complicated|difficult|tedious|cumbersome)
most customers (?:choose|prefer|take|keep)|once you have filled
only accept (?:a |your )?(?:cancellation|return|request)
(?:cancel|cancellation|cancelling|return)[^.?!]{0,30}(?:registered letter|by fax|in person|come to our|must call|have to call|need to call|not possible by e-?mail|only by (?:phone|letter|post))
wollen sie wirklich|sind sie (?:\w+ )?sicher, dass sie|uberlegen sie (?:es )?sich
(?:schade|traurig), wenn sie gehen|noch einmal (?:\w+ )?uberlegen|lohnt sich (?:kaum|nicht)
(?:kundigung|widerruf|storno)[^.?!]{0,40}(?:nur per|einschreiben|per fax|nur telefonisch|personlich|schriftlich per post)
die meisten kunden (?:wahlen|nehmen|behalten)
etes-vous (?:vraiment |bien )?sure?s? (?:de vouloir|que)|vouloir nous quitter|reflechissez
avant de (?:resilier|partir|nous quitter)
(?:rembours\w+|retours?|resiliation)[^.?!]{0,25}(?:complique|difficile|fastidieu)
la plupart des clients (?:prennent|choisissent|preferent)
(?:resiliation|annulation)[^.?!]{0,40}(?:que par|uniquement par|seulement par|lettre recommandee|par telephone)
ne vaut (?:pas|guere) la peine
(?:esta|estas) (?:realmente |completamente )?segur[oa] (?:de que|que)|pienselo|reconsider
antes de (?:cancelar|irse|marcharse)|no (?:merece|vale) la pena
(?:cancelacion|baja|reembolso|devolucion)[^.?!]{0,40}(?:solo por|unicamente|carta certificada|en persona|complicad)
la mayoria de los clientes (?:elige|prefiere)|lamentariamos (?:mucho )?que
""",
    "upsell": r"""
why not (?:also )?(?:add|try|upgrade|take|get)|upgrade (?:now|today|to our)
(?:may|might|could) also (?:like|be interested|love|want)|special offer
(?:customers|people) who (?:bought|ordered|have)[^.?!]{0,40}(?:also|love|like)
by the way, (?:have you|did you|we (?:also|now|have))
have you (?:thought about|heard of|considered|tried|seen) our
while you(?:'re| are) (?:here|at it)|take a look at our (?:new|latest|other)|check out our
(?:we )?(?:also |strongly |highly )(?:recommend|suggest) (?:our|extending|adding|upgrading|buying|trying|taking|the \w+ (?:plan|package))
(?:for|at) (?:only|just) \d|treat yourself|add (?:a|an|our|some) [^.?!]{0,40} for (?:just|only)
pair (?:it|them) with|best-selling|our (?:summer|winter|spring|autumn|latest|hot) (?:deals|offers|sale)
exclusive (?:offer|deal)
(?:jetzt|gleich) upgraden|konnte ihnen (?:auch )?gefallen|sonderangebot|kennen sie schon|(?:fur|um) nur \d
gonnen sie sich|kunden, die[^.?!]{0,40}kauften|schauen sie (?:sich )?(?:doch )?(?:\w+ )?(?:unsere|vorbei)
wir empfehlen (?:ihnen )?(?:auch|ausserdem|zusatzlich) unser|wie ware es (?:mit|ausserdem)
vous aimerez aussi|passez (?:a la version superieure|a la formule|au forfait|a l'offre)
offre (?:speciale|exclusive)|decouvrez (?:aussi |egalement )?(?:notre|nos)|pour seulement \d|offrez-vous
jetez un coup d|pourquoi ne pas (?:ajouter|essayer|prendre)
nous vous (?:recommandons|conseillons) (?:aussi|egalement)
(?:tambien )?le puede(?:n)? (?:interesar|gustar)|tambien le (?:puede|podria)|oferta (?:especial|exclusiva)
actualice (?:ahora|hoy)|(?:por|a) solo \d|eche un vistazo|descubra (?:tambien )?(?:nuestr|los|las)
dese un capricho|por que no (?:anade|prueba|contrata)|le recomendamos (?:tambien|ademas)
""",
}

#: Pressing only where the customer wants to leave, or their money back.
WHERE_THEY_LEAVE = r"""
(?:first|have to|need to|must|would have to) (?:\w+ )?(?:call|phone|come to|visit|explain|write a letter|fill in|speak)
registered letter|in person|let us first|find out what we can do|explain (?:in writing )?why|survey
(?:voucher|discount|credit) instead|small discount|are you sure|over for a few days
if you still want to(?!, we cancel)
einschreiben|zuerst (?:anrufen|mit uns)|rufen sie (?:zuerst|erst)|gutschein statt
auf (?:all )?(?:ihre|die) vorteile verzichten|begrunden sie|umfrage|bleiben sie doch
lettre recommandee|d'abord (?:nous )?appeler|bon d'achat (?:a la place|plutot)|perdre tous vos avantages
restez avec nous|expliquer pourquoi|questionnaire
carta certificada|primero (?:debe|tiene que) llamar|vale en lugar|perder (?:todas )?sus ventajas
quedese con nosotros|explicar por que|encuesta
"""

#: The customer wants to go, or their money back.
LEAVING = r"""
\bcancel|unsubscrib|terminat\w+ (?:my|the|our)|end my (?:contract|plan|membership|subscription|account)
close my account|refund|money back|(?:return|send back) (?:the|my|this|it|these|them)|withdraw from
\bkundig|\bkundige|stornier|widerruf|erstatt|geld zuruck|zuruckgeben|zuruckschicken|abbestell
resili|\bannul|rembours|renvoyer|me desabonner|retracter
\banular|dar(?:me)? de baja|devol[uv]|devuelv|reembols|rescindir
"""

#: Something is put before them: money, a free month, another product.
OFFER = r"""
(?:can|could|would like to|will|'d like to|are happy to) (?:offer|give) you|we offer|how about
(?:half|reduced) price|free month|\d+ ?% off|stay with us
would you (?:like|prefer|rather)[^.?!]{0,20}(?:swap|switch|keep|take|exchange|another)
you can have a (?:voucher|discount|credit)|(?:a )?voucher of|smaller plan
(?:bieten|schenken|geben) (?:wir )?ihnen|wir (?:bieten|schenken)|halben preis|gratismonat|monat gratis
\d+ ?% rabatt|wie ware es|bleiben sie|gutschein (?:uber|von)
nous vous (?:offrons|proposons)|mois (?:gratuit|offert)|moitie prix|\d+ ?% de (?:remise|reduction)|restez
un bon d'achat de|que diriez-vous
le (?:ofrecemos|proponemos|regalamos)|mes(?:es)? gratis|mitad de precio|\d+ ?% de descuento|quedese|un vale de
que le pareceria
"""

#: The wish to leave is answered: it is done, or it is said when and how.
ANSWERED = r"""
(?:is|are|was|were|has been|have been|been|have) (?:now )?(?:cancel+ed|ended|closed|terminated|refunded)
we (?:have |will |can )?(?:cancel|refund|end|close|return)|(?:ends?|effect|valid until) (?:on|by|from)
takes effect|(?:refund|money|amount)[^.?!]{0,30}(?:takes?|would take|back|within|to your)
you (?:can|may) (?:cancel|return|send)|get your money|(?:press|choose|click|open|print)\b
(?:ist|wurde|wird|haben wir|wir haben)[^.?!]{0,40}(?:gekundigt|storniert|beendet|erstattet)|endet (?:am|zum)
(?:wir )?erstatten|geld zuruck|sie konnen [^.?!]{0,40}(?:kundigen|stornieren|zuruck)|offnen sie
(?:est|a ete|sera|avons)[^.?!]{0,25}(?:resilie|annule|rembourse|termine)|(?:se termine|prend fin) le
nous (?:vous )?rembours|vous pouvez (?:resilier|annuler|renvoyer)|ouvrez
(?:hemos|ha sido|queda|esta)[^.?!]{0,25}(?:cancelad|anulad|reembolsad)|(?:termina|finaliza) el
le (?:reembolsamos|devolvemos)|puede (?:cancelar|anular|devolver)|abra
"""

#: The customer asks what there is to buy: an offer is an answer then.
SHOPPING = r"""
do you (?:have|sell|offer|recommend)|(?:can|could) you recommend|recommend
which \w+(?: \w+)? (?:should|would|do)|looking for|upgrade|difference between|what (?:else|other)|alternativ
is there (?:a|an|any)|(?:want|like) to (?:buy|order|switch|change to|add)|discount|offers?\b|any deals|add a
haben sie (?:\w+ ){0,3}(?:etwas|auch|eine|einen|ein|noch)|gibt es|empfehl|suche|unterschied|wechseln
welche[rsn]? |angebot|rabatt|kaufen
avez-vous|vendez-vous|recommand|conseill|cherche|difference|passer a|quel(?:le)?s? |offre|remise|acheter
tienen|venden|recomiend|busco|diferencia|pasar a|cual|oferta|descuento|comprar
"""

#: Classes of words. Alone they press nobody; how much each two of them in one sentence do is in `pressure_weights`.
CUES: dict[str, str] = {
    "urgent": r"""
now|today|tonight|soon|shortly|midnight|minutes?|hours?|immediately|(?:straight|right) away|at once|at noon
quick\w*|fast|hurry|urge|run out|expir\w*|vanish\w*|disappear\w*|count(?:s|down)|timer|clock
this (?:very )?(?:minute|afternoon|evening|week)|tomorrow|weekend|from monday|waiting|before you go
end of the day
jetzt|heute|abend|sofort|schnell|gleich|bald|morgen|stunden|minuten|warten|mittag|zoger\w*|vite|aujourd\w*
ce soir
demain|heures|maintenant|midi|attend\w*|ahora|hoy|ya|pronto|manana|noche|horas|minutos|mediodia|espere|enseguida
sunday|monday|tuesday|wednesday|thursday|friday|saturday|(?:won'?t|not|will not|doesn'?t|does not) last
while it (?:is|lasts)|short(?:ly| while| time)|act|as soon as possible|asap|instantly|without delay
any (?:minute|moment)|seconds|last minute|(?:is|are) ending|closes|closing|ending
ends (?:soon|today|tonight|shortly)|for a limited time|limited time|no longer|sleep on it|in time|right now
still there|tout de suite|plus longtemps|rapidement|avant|dernier|dure|dura|cuanto antes|rapido|antes|ultim\w+
nur noch kurz|kurz|schnellstens|umgehend|sonntag|endet bald|noch heute|letzte\w*
finish\w*|until (?:tonight|midnight|noon|sunday|tomorrow)|valid until|only valid|no later|deadline|time is
today only|one-time|put (?:this|it) off|postpone|later|24 hours|\d+ (?:minutes|hours)
bis (?:heute|mitternacht|morgen)|jusqu'a (?:ce soir|minuit|demain)|hasta (?:hoy|esta noche|manana)|befristet
limitee|limitada
""",
    "deal": r"""
book|buy|order (?:now|today|at once)|purchase|prices?|offers?|deals?|discounts?|on sale|bargain|vouchers?|bonus
rate|reductions?|basket|cart|checkout|promotion|tariff|dearer|cheaper|rabatt|preis|angebot|kaufen|bestell\w*
buchen
platz|sparen|offre|prix|remise|tarif|reservez|achet\w*|commandez|profiter|oferta|precio|descuento|compre|reserve
ahorrar
(?:early bird|full|low|old|special|best) price|flash sale|sale|register|bookings?|ordering|save|savings|saving
guarantee|remise|pedido|bestellung|gutschein|aktion|promo\w*|soldes|rebajas|anmelden|inscri\w+
reduced|campaign|cheap|enrol\w*|sign up|subscribe|ermassigt\w*|gunstig\w*|kampagne|conditions|tarifs?|gebuhr
frais|cuota|rebaja|gratuito|campagne|campana
""",
    "push": r"""
i (?:would|'d|can only|suggest|advise|urge)|you (?:had better|should really|really)|i advise|i suggest
it would be wise|best to|be fast|strike|snap|grab|jump|claim|lock in|take it|say yes|decide|make up your mind
hesitat\w*|misses? out|left out|secure|confirm|finish|complete|accept|ich rate|rate ihnen|entscheiden
sichern sie
schlagen sie|zusagen|decidez|conseille|confirmez|accepter|ne perdez|decida|aconsejo|aceptar|aproveche|confirme
no pierda
i (?:strongly )?(?:recommend|urge|advise|encourage)|i highly|please hurry|act
do ?n[o']t (?:sleep|wait|hesitate|miss|delay|let)|register (?:today|now)|make sure|be quick|go for it|hurry
am besten|nicht verpassen|handeln|greifen|foncez|ne manquez|ne ratez|n'hesitez plus|no lo dude|no se lo pierda
haga
sign up|put (?:this|it) off|settle it|reserve yours|choose now|quickly|do it|order yours|get (?:it|yours)|greif
zugreifen|jetzt (?:buchen|bestellen|sichern|zahlen)|depechez|vite|date prisa|apresurese|no tarde
""",
    "scarce": r"""
(?:only|just) (?:a )?(?:few|tiny|handful)|few (?:remain|left)|very last|last (?:one|piece)|hardly|barely|limited
demand|sold out|gone|going like|snapped|flying off|off the shelves|shelves|everyone|others (?:are|have)|dozens
thirty people|shoppers|practically all|taken|fill(?:ing)? up|running low|spot|lucky|bargains never
wanted product
no new delivery|eye on|rush\w*|kaum noch|allerletzte|nachfrage|gerissen|heiss begehrt|keines mehr|warenkorb
nicht mehr|presque plus|toute derniere|demande|partent|panier|casi no|ultima|demanda|vuelan|cesta
only \d+|very few|selling|sells|popular|running out|everybody (?:wants|is)|other people
another (?:customer|guest|buyer)|asked about it|be gone|get one|in demand|last (?:few|\d+|pieces|seats|rooms)
almost (?:gone|out|full)|nearly (?:gone|out|full)|nur noch|wenige|exemplare|interesse ist|begehrt|beliebt
vergriffen|quelques|peu de|tres demande|stock limite|pocas|pocos|muy solicitad\w*|agot\w*
just (?:one|two|three|\d+)|empty|interested in it|are interested|unavailable|another chance|several customers
many (?:customers|people)|sell out|soon be|viewing|look(?:ing)? at (?:this|it)|queue|waiting list
viele (?:kunden|interess\w*)|interessieren sich|leer|ausverkauft|vide|bientot epuise|plusieurs clients
autres clients|interessent|vacio|varios clientes|interesad\w+
""",
    "threat": r"""
risk\w*|los(?:e|ing)|lost|regret|sorry for that|worst|nobody|ruin\w*|danger\w*|burglars?|thie(?:f|ves)|accident
forever|serious|consequences|forced|debt|legal action|crashes|uninsured|insured|safety|gamble|suffer|hackers
terrible|dearly|with nothing|alone|no way back|under water|unter wasser|folgen|allein|schaden\w*|bereu\w*
riskier\w*|verlieren|sicherheit|wenn etwas passiert|risqu\w*|perdre|seul|graves?|accident|regrett\w*|sous l'eau
riesgo|peligro|perder|solo pagara|graves|pasa algo|bajo el agua|danos
will no longer be safe|no longer safe|fortune|bills?|broken|no help|legal|serious
lose (?:access|everything|all|your)|unprotected|vulnerable|exposed|afford to|end up
expensive (?:repair|damage)s?
big trouble|trouble|penalt\w+|court|enforcement|inkasso|gericht|schutz|ungeschutzt|teuer\w*|protection|huissier
tribunal|cher|proteccion|abogad\w*|tribunales|caro
huge costs|costs when|breaks|emergency|disaster|catastroph\w*|hurt|harm|threat\w*|scared|afraid|worry|worse
pay (?:dearly|for it)|ruinieren|katastroph\w*|notfall|gefahr\w*|ruiner|catastrophe|urgence|arruinar\w*
catastrof\w*|emergencia|peligros\w*|without (?:it|us|cover|insurance|protection)
""",
    "fault": r"""
(?:your|the) (?:own )?(?:fault|mistake|error)|on your side|blame|careless|careful customer|a little care|roughly
overlooked|evidently|apparently|clearly|obviously|probably handled|should(?:'ve| have)|ought|must have done
bother
properly|pay attention|disappoint\w*|saddens?|shame|hurts?|unfair|in tears|you caused|solely|had you|if everyone
other(?: customers)? manage|not that hard|lose a lot of time|thank us|by themselves|too late with
your (?:review|complaint)|schuld|fehler liegt|bei ihnen|sorgfaltig|hatten sie|wussten sie das|besser auf
falsch behandelt|schade|andere kunden|nicht schatzen|faute|vient clairement|soigneux|si vous aviez|dommage
plus attention|autres clients|n'appreciiez|culpa|claramente|cuidado|si hubiera|pena|otros clientes|no valore
you (?:probably |simply |obviously |apparently |clearly )?(?:did not|didn'?t|failed|forgot|ignored|broke|misread|misunderstood|neglected)
do not (?:leak|break)|nothing we can do|complain\w*|did our best|if you had|much earlier|instructions|sooner
we are sad|sad that|incorrectly|wrongly|offenbar|anleitung nicht|nicht gelesen|haben sie (?:nicht|falsch)
visiblement|n'avez (?:visiblement |manifestement )?pas (?:lu|suivi|fait)|por lo visto|no ha leido|no ha seguido
no leyo
responsib\w*|you gave|you entered|you chose|you wrote|wrong (?:address|number|size|date)|explained it
several times|many times|once again|repeat\w*|already|please read|how often|eigener fehler|ihr fehler|falsche
angegeben|mehrfach|bereits|encore une fois|plusieurs fois|mauvaise adresse|vous avez donne|propre erreur
varias veces|ya le|direccion equivocada|propio error|unreasonable|ridiculous|hard-working|ungrateful
""",
    "offer": r"""
would you like|interest(?:ed)?(?: you| in)?|may (?:i|we) (?:also )?(?:put|interest|add)|how about|perhaps you
discover|choose our|must try|consider our|join|thrilled|just the thing|have a look|drop in|did you know
let me tell
show you|love our|would love|treat|deserve|enjoy|do not forget|you could also|take the opportunity|will call you
reserve one for you|add (?:the|a|travel)|interessieren sie|mochten sie|kennen sie|wussten sie
haben sie (?:schon|auch)|wahlen sie nachstes|werden sie mitglied|vielleicht|sparen sie|connaissez
avez-vous pense
voudriez|peut-etre|devenez|vous interesse|economisez|conoce|ha pensado|le interesa|quiza|hagase|ahorre
you (?:may|might|could|can) (?:also )?(?:love|like|want|enjoy)|make sure to|why not|check out|look at|also,
by the way|take a look|special offer|save \d+|comes with|upgrade|great price|try our|we also have|explore
don'?t forget|recommend our|schauen sie|entdecken|probieren|ubrigens|jetez|decouvrez|essayez|profitez|eche
descubra
pruebe|aproveche
we (?:also )?(?:recommend|suggest|offer)|now \d+ ?%|recommend(?:ed)?|suggest|empfehlen|wir bieten|recommandons
proposons|conseillons|recomendamos|ofrecemos|sugerimos|interesting for you|worth a look|while you
""",
    "product": r"""
premium|gold|package|bundle|subscription|comfort|club|collection|bestsell\w*|gold card|insurance|contract|app
loyalty|kit|express|successor|candles|kitchens|fragrance|loans|cushions|cameras|warranty|programme|sale
yearly plan
percent (?:cheaper|off)|spring|code|paket|familienpaket|premium-konto|mitglied|kissen|kameras|express-option
prozent|offre|option|compte|coussins|pour cent|membre|oferta|paquete|cuenta|opcion|cojines|por ciento|socio
pro (?:plan|version)|plan|rental car|autumn|summer|winter|spring|yearly
new (?:router|model|collection|menu|app|offers?)|helmets?|add-?ons?|accessor\w+|deals|angebote|offres|ofertas
kollektion|zubehor|accessoires|accesorios|breakfast|storage|upgrade|newsletter
ink|meal|first class|life insurance|smart home|add-on|membership|account upgrade|tinte|encre|tinta|versicherung
assurance|seguro|mahlzeit|bundles?|accessories|special (?:menu|edition)|financing|credit card|donation
""",
    "ours": r"""
our|we also|unser\w*|notre|nos|nuestr\w+
""",
    "forwho": r"""
for you(?: alone| personally)?|(?:guests|somebody|someone|person|areas?|customers) (?:like you|as \w+ as yours)
like yours?
your (?:area|postcode|profile|income|age|spending|behaviou?r|phone|street|neighbou?rs|shopping|past|income)
about you|you came back|you visited|where you live|wealthy|afford|loyal customers|for someone with|woman of your
not for you|others with more|between us|from what we|fur sie (?:berechnet)?|kunden wie sie|wie ihrer
ihrer postleitzahl|weil sie|fruheren einkaufen|comme vous|votre code postal|comme vous avez|para alguien
como usted
su codigo postal|como ha visitado
previous orders|since you (?:live|are|have)|i see (?:that )?you|you are calling
your (?:price|orders|purchases|location|device|account history)|nice neighbou?rhood
for (?:a )?(?:customer|person|client)s? like|your personal
ihr(?:e|en)? (?:profil|einkauf\w*|adresse|wohnlage|alter)|vos achats|vos commandes|sus pedidos|sus compras
your address|consider\w* your|according to your|because you (?:fly|travel|live|buy|order|use)|so often
personally|for you (?:personally|alone|only)|in your case|bei ihrer? \w+|fur sie|nach ihrem profil|votre adresse
selon votre|su direccion|para usted
""",
    "money": r"""
euros?|percent|pay|charge\w*|fee|costs?|quote|amount|rate|ask for more|higher|kostet|zahl\w*|nehmen wir
verlangen
betrag|payer|demander plus|cuesta|pagar|pedir mas
the price is|price (?:is|for)|\d+ (?:euros?|pounds|dollars|francs)|i would say|sind es
""",
    "obstacle": r"""
tell (?:me|us) first|letter|passport|copy of|statement|signature|signed|print the form|fax|appointment|reasons
explain why|on the phone|phone line|manager|specialist|office hours|several (?:months|steps)|months|weeks
twice a year|committee|original box|questions|certain|truly want|really want|are you|sleep on|think twice
exceptional|credit note|another (?:quarter|month|course|company)|one more month|ages|not available|try again in
like to give|ausweises|brief|termin|grunde|uberzeugen|mehrere monate|schlafen|ausnahmefallen|noch einen monat
rendez-vous|dites-nous d'abord|convaincre|plusieurs mois|nuit porte|cas exceptionnels|encore un mois|cita
diganos primero|convencerle|varios meses|almohada|casos excepcionales|un mes mas
only (?:possible |accepted )?by (?:phone|fax|post|letter)|handwritten|wait for|in detail|store credit
before (?:we|you) (?:can )?(?:talk|take|cancel|do)|another try|give it|most customers|many customers|simpler
easier
complicated|you will need to|call us first|between 9 and|monday to friday|sind sie sicher|vorteile|etes-vous sur
avantages|esta seguro|ventajas|telefonisch|persuade|verify|notar\w*|in writing
loyalty (?:team|department)|hotline|call our|call us|customer service
have to (?:call|visit|come|write|send|wait|go)|must (?:call|visit|come|write|send)
need to (?:call|visit|come|write|send)|long and difficult|difficult process|rather not|only cancel|at our office
tell us why|could you please first|anrufen|hotline|mussen sie|service (?:fidelite|client)|vous devez|appeler
il faut|debe|llamar|fidelizacion|tiene que|hay que|process
""",
    "stay": r"""
stay|keep it|convince|lose you|were glad|easier for you|big mistake|a shame|pity|would leave it|forget about
not bother|wasted|feet get used|beat it|just in case|bleiben sie|nicht verlieren|restez|vous perdre|quedese
perderle
love to keep|lose access|give up|great features|get used|another try|instead of (?:a )?(?:return|refund)
reconsider
wait before|bleiben|verzichten|renoncer|rester|renunciar|quedarse|perdera|perdez
why don'?t you keep|advantages|think about|benefits|you (?:will|would) (?:miss|lose)|loyal|vorteile|avantages
ventajas|before we proceed|change your mind|give it to a friend|take it back
""",
    "answer": r"""
is attached|we (?:have |will |can )?(?:sent|send|refund\w*|cancel\w*|pick|made|answer|received|confirm)
you (?:can|get|receive|find|may cancel)|please (?:send|call|press|open|choose|enter|unplug|save|put)|ends on
takes? (?:two|three|five|twenty|\d+)|wir (?:haben|senden|erstatten)|sie konnen|bekommen|endet am|vous pouvez
vous (?:en )?recevez|puede|recibira|termina el
""",
    "if": r"""
if|unless|should you|without|in case|otherwise|ohne|wenn|sonst|falls|sans|si|sinon|sin
""",
    "you": r"""
you|your|sie|ihre?n?|vous|votre|usted|su|le
""",
}
