"""The phrases of the shipped human-only list, one a line.

`*` is the rest of a word, `_` stands for up to three words, (a|b) for a choice. Accents and capitals do not matter.
"""

from __future__ import annotations

#: Taken out before the rules are asked.
NEAR_MISSES = """
(do not|don't|dont|did not|didn't|needn't|need not) (want|need|have|wish)( to)?( (speak|talk|write) (to|with)| (be )?put( me)? through to)? (a|an) (real |human )?(human|person|agent|someone|somebody)
no need (for|to (speak|talk) to) (a|an) (real |human )?(human|person|agent)
need a person to (sign|receive|accept|be|collect|pick)
(ticket|table|room|seat|place|entry|booking|menu|voucher)s? for (a|one) person
no (ai|bot) (camera*|phone*|feature*|device*|chip*)
(come|comes|came|sell|sells|sold) (with )?no (ai|bot)
(ohne|keine) (wasch)?maschine* (waschen|gewaschen|trocknen|reinigen)
(fur|pro) eine person
pas besoin (de parler (a|avec) |d')(une (vraie )?personne|un humain|quelqu'un|un conseiller|un agent)
ne (veux|souhaite) pas (parler (a|avec) )?(une personne|un humain|quelqu'un|un conseiller)
(pour|par) une personne
no (necesito|hace falta|quiero) (hablar con )?(una persona|un humano|un agente|alguien)
hable con (una persona|un humano|un agente|alguien) (ayer|hoy|el|la|hace|por)
(para|por) una persona
non (ho bisogno di|voglio) (parlare con )?(una persona|un umano|un operatore|qualcuno)
per una persona
(hoef|wil) geen (echt )?(mens|persoon|medewerker)
(voor|per) een persoon
health insurance card holder
(sick|ill) of (waiting|this|it|your|being|having)
mental arithmetic
allergic to (bad|poor) service
heart(-| )shaped
heart warming
(kids|children|child|baby|boys|girls)('s|s'|s)? (sizes?|shoes?|clothes|clothing|wear|department|section|collection|book*|bag|bike|toy*|dress*|jacket*|coat*|menu|fare*|ticket*|discount|range|room|bed|seat)
baby (blue|pink|doll|grow*)
child(-| )?proof
(kinder|baby|damen)(schuh*|grosse*|kleid*|jacke*|mode|bett*|sitz*|wagen|abteilung|buch|tarif*|menu)
faith in (you|your|the)
in good faith
(good|bad) faith
(church|holy|temple|hospital|clinic) (street|road|lane|square|avenue)
do (i|we) (have|need) to (speak|talk|chat) (to|with)
machine (wash*|dry*|made|embroidered)
(bought|ordered|buy|order|want|need|looking|dress|coat|shoes|boots|shirt|jacket|gift|present|size|toy) (_ )?for (my|our) (_ )?(son|daughter|niece|nephew|grandson|granddaughter)
trauerweide
religiously
dead (battery|batteries|link*|line|stock|pixel*|end|on arrival)
the (battery|phone|screen|laptop|line|link|motor|engine|zipper) (is|was|has|went) (dead|died)
(battery|phone|screen|laptop|motor|engine|device|charger|app|watch) (just )?died
to die for
died laughing
dying to (know|see|try|wear|have)
deadline*
court shoe*
tennis court
food court
sue (ellen|smith|wilson|miller)
black (dress|shoe*|bag|coat|friday|jacket|jeans|boots?)
white (dress|shoe*|shirt*|bag|coat)
kill* (time|two birds|the (app|process))
shoot (me|us) (an|a) (e-?mail|message|line)
personal (data sheet|assistant|best)
a person (can|could|may|who|in|with|of|per)
per person
one person
in person
delete (my|the) (order|booking|cart|basket|item*|comment|review|photo*|search history)
"""

RULES: dict[str, str] = {
    "health": """
(i|we|he|she|my _) (am|is|are|was|were|been|have been|has been|'m) (very |seriously |chronically |terminally )?(sick|ill|hospitali*|bedridden|pregnant|disabled|diabetic|epileptic|autistic|depressed|infected|injured)
i'm (very |seriously |still )?(sick|ill|pregnant|disabled|diabetic|epileptic|autistic|depressed|injured)
(in|into|to|from|at) (the )?(hospital|clinic|intensive care|emergency room|a&e|rehab)
hospital stay
(surgery|chemotherapy|chemo|radiotherapy|dialysis|miscarriage|stroke|heart attack|heart condition|heart disease|cancer|tumou?r|leukemia|leukaemia|dementia|alzheimer*|parkinson*|hiv|aids|covid|epilepsy|diabetes|asthma|autism|adhd|ptsd|burnout|depression|anxiety (attack*|disorder)|panic attack*|bipolar|schizophreni*)
mental health
(allergic|anaphylactic) (reaction|shock)
i (am|'m) allergic
(severe|nut|peanut|food|latex|nickel|wool) allergy
(skin )?rash (from|after|on|all)
got (a |an )?(rash|burn*|infection|injury|injured|hurt)
(broke|broken|fractured) (my|his|her) (leg|arm|ankle|wrist|hip|foot|back)
(my|her|his|a) (disability|wheelchair|illness|diagnosis|medication|prescription|doctor|therapist|pregnancy|medical condition*)
(medical|health) (condition*|reason*|problem*|issue*|emergency|certificate|grounds|history)
diagnosed with
suffer* from
(schwanger|krebs|krebserkrankung|chemotherapie|depression*|diabetes|epilepsie|demenz|schlaganfall|herzinfarkt|fehlgeburt|behinderung|schwerbehindert*|rollstuhl|allergische reaktion|ausschlag|krankschreibung|krankgeschrieben|attest|diagnose|panikattacke*)
(im|ins|aus dem) krankenhaus
(in der|in die) klinik
(bin|ist|war|sind|wurde) (leider |sehr |schwer |seit _ )?(krank|erkrankt|verletzt|operiert)
(krankheitsbedingt|gesundheitlich*|aus gesundheitlichen grunden)
ich leide
(je suis|elle est|il est|ma _ est|mon _ est) (tres |gravement )?(malade|enceinte|hospitalise*|handicape*|blesse*)
(a l'hopital|cancer|depression|maladie|handicap|grossesse|fauteuil roulant|allergie|reaction allergique|raisons (de sante|medicales)|probleme* de sante)
(estoy|esta) (muy |gravemente )?(enferm*|embarazad*|hospitalizad*|herid*)
(en el hospital|cancer|depresion|enfermedad|discapacidad|embarazo|silla de ruedas|alergia|reaccion alergica|motivos (de salud|medicos))
(sono|e) (malat*|incint*|ricoverat*)
(in ospedale|malattia|gravidanza|sedia a rotelle|motivi di salute)
(ik ben|is) (ernstig )?(ziek|zwanger|opgenomen)
(in het ziekenhuis|zwangerschap|rolstoel|gezondheidsredenen)
""",
    "faith": """
(my|our|his|her|their) (religion|religious _|faith|church|mosque|synagogue|temple|parish|imam|rabbi|priest|pastor)
(i am|i'm|we are|as an?|being) (a |an )?(devout |practising |practicing |orthodox )?(muslim*|jewish|jew|christian*|catholic*|hindu*|sikh*|buddhist*|protestant*|atheist*|mormon*|jehovah's witness*)
religious (reason*|ground*|belief*|dress|obligation*|holiday*|freedom)
(ramadan|sabbath|shabbat|yom kippur|baptism|confirmation dress|bar mitzvah|bat mitzvah|first communion)
(halal|kosher)
(hijab|niqab|burqa|kippah|turban)
(meine|unsere) (religion|kirche|gemeinde|moschee|synagoge|glaube*)
(mein|unser) glaube
(ich bin|wir sind|als) (glaubige* )?(muslim*|moslem*|judin|jude|judisch*|christ|christin|katholi*|evangelisch|hindu*|buddhist*)
(religios*|aus glaubensgrunden|kopftuch|schabbat|taufe|erstkommunion)
(ma|notre) (religion|foi|eglise|mosquee|synagogue)
(je suis|en tant que) (musulman*|juif|juive|chretien*|catholique*|bouddhiste*)
(raisons|motifs) religieu*
(mi|nuestra) (religion|fe|iglesia|mezquita|sinagoga)
(soy|somos) (musulman*|judi*|cristian*|catolic*)
motivos religiosos
(la mia|nostra) (religione|fede)
(sono|siamo) (musulman*|ebre*|cristian*|cattolic*)
motivi religiosi
(mijn|onze) (geloof|religie|kerk|moskee)
religieuze redenen
""",
    "children": """
(i am|i'm) (only )?(8|9|10|11|12|13|14|15|16|17|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen) (years old|years|yo|and)
(my|our) (_ )?(son|daughter|child|children|kid|kids|toddler|baby|newborn|grandson|granddaughter|grandchild*|nephew|niece)
(under(-| )?age|minor child|unaccompanied (minor|child*)|custody|child (abuse|protection|safety)|choking hazard|school ?girl|school ?boy)
(a|the) (child|baby|toddler|kid) (was|is|got|has been|nearly|almost|swallowed|choked)
(her|his|their) (parents|mother|father) (do|does|did) not know
(mein|meine|unser|unsere|meinem|meiner|meinen|unserem|unserer|unseren) (_ )?(sohn|tochter|kind|kinder|kindern|baby|enkel|enkelin|enkelkind*|saugling)
(minderjahrig*|sorgerecht|alleinreisendes kind|kinderschutz|kindeswohl)
ich bin (erst )?(8|9|10|11|12|13|14|15|16|17)( jahre alt)?
(mon|ma|mes|notre|nos) (_ )?(fils|fille|enfant*|bebe|petit-fils|petite-fille)
(mineur*|garde (d'enfant|alternee)|j'ai (8|9|10|11|12|13|14|15|16|17) ans)
(mi|mis|nuestro|nuestra|nuestros) (_ )?(hijo|hija|hijos|nino|nina|ninos|bebe|niet*)
(menor* de edad|custodia|tengo (8|9|10|11|12|13|14|15|16|17) anos)
(mio|mia|nostro|nostra) (figlio|figlia|bambin*|nipote)
(minorenn*|i miei figli|nostri figli)
(mijn|onze|ons) (_ )?(zoon|zoontje|dochter|dochtertje|kind|kinderen|kindje|baby|kleinkind*)
minderjarig*
""",
    "bereavement": """
passed away
(he|she|husband|wife|mother|father|mum|mom|dad|grand*) (has passed|passed on)
(my|our|his|her) (_ )?(husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|grandmother|grandfather|friend|aunt|uncle|baby|parents) (has |have |just |sadly |suddenly |recently )?(died|passed|deceased)
(death|loss|funeral|burial|passing) of (my|our|a|his|her)
(a |the )?(death|bereavement) in the family
(funeral|bereave*|deceased|condolence*|widow|widower|in mourning|estate of the late|late (husband|wife|mother|father)|death certificate|executor of)
(lost|losing) (my|our) (_ )?(husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|child|baby)
(verstorben*|gestorben|todesfall|trauerfall|trauerfeier|beerdigung|beisetzung|hinterbliebene*|sterbeurkunde|verwitwet|witwe|witwer)
(tod|verlust) (meines|meiner|unseres|unserer)
(decede*|deces|obseques|enterrement|funerailles|veuve|veuf|deuil)
(mort|perte) de (mon|ma|notre)
(fallecid*|fallecio|fallecimiento|funeral|entierro|viuda|viudo|luto)
(muerte|perdida) de (mi|nuestr*)
(decedut*|funerale|lutto|vedova|vedovo|e morto|e morta)
(overleden|begrafenis|uitvaart|sterfgeval|weduwe|weduwnaar|rouw)
""",
    "legal_threat": """
(my|our|a) (lawyer|attorney|solicitor|barrister|legal (counsel|team|adviser|advisor))
(legal (action|steps|proceedings|consequences)|lawsuit|small claims|take you to court|go to court|see you in court|court order|cease and desist|letter before action|letter of claim)
(will|'ll|going to|shall|could|might|have to|forced to) (sue|press charges|file a (complaint|claim|lawsuit|suit)|report (you|this) to)
(suing|sued) (you|your)
(trading standards|ombudsman|consumer protection|better business bureau|attorney general|regulator|supervisory authority|police report|criminal (complaint|charges|offence)|report (this|you|it) to the police)
chargeback
(anwalt*|rechtsanwalt*|anwaltlich*|rechtliche schritte|rechtsweg|klage|verklage*|klagen werde*|gericht|gerichtlich*|strafanzeige|anzeige (erstatten|bei)|mahnverfahren|abmahnung|verbraucherzentrale|schlichtungsstelle|schadensersatz|fristsetzung)
(avocat*|action* en justice|poursuite* judiciaire*|porter plainte|tribunal|mise en demeure|dgccrf|mediateur|vous poursuivre)
(abogad*|acciones legales|demandar*|juzgado|tribunal*|denuncia*|hoja de reclamaciones|consumo)
(avvocat*|vie legali|azion* legal*|tribunale|denuncia|querela|diffida)
(advocaat|juridische stappen|rechtszaak|rechtbank|aangifte|ingebrekestelling|consumentenbond|geschillencommissie)
""",
    "discrimination": """
(racis*|sexis*|homophob*|transphob*|islamophob*|antisemit*|xenophob*|ableis*|discriminat*|bigot*|racial* (profil*|abuse*))
(because|due to|based on|on account) (of |i am |i'm |we are |we're )?(my |our |his |her )?(_ )?(skin colou?r|race|ethnic*|nationality|origin|gender|sexuality|sexual orientation|disability|religion|accent|headscarf|hijab|black|gay|lesbian|trans|muslim|jewish|foreign*|asian|african|disabled)
(diskriminier*|rassis*|sexis*|homophob*|fremdenfeindlich*|antisemit*)
(wegen|aufgrund) (meiner|meines|unserer|seiner|ihrer) (_ )?(hautfarbe|herkunft|religion|behinderung|nationalitat|sexualitat|geschlechts?|akzents?|namens)
(raciste*|racisme|sexiste*|sexisme|homophob*|discrimin*)
(a cause|en raison) de (ma|mon|notre) (_ )?(couleur|origine|religion|handicap|nationalite|sexe|accent)
(racis*|machis*|homofob*|discrimina*|xenofob*)
por (mi|nuestra|nuestro) (_ )?(raza|color|origen|religion|discapacidad|nacionalidad|acento)
(razzis*|sessis*|omofob*)
(racistisch*|seksistisch*|discrimin*|homofob*)
""",
    "self_harm": """
(kill|hurt|harm|cut|hang|end) (myself|my life)
(end|ending|take|taking) (it all|my (own )?life)
(suicid*|self(-| )harm*|overdose)
(want|wish|going|rather|prefer) to (die|be dead)
(do not|don't|no longer|cannot|can't) want to (live|be alive|wake up|go on living)
no (reason|point) (to|in) (live|living|going on)
(better off|rather be) dead
(selbstmord|suizid*|umbringen|mich umzubringen|selbstverletz*|nicht mehr leben|leben nehmen|mir etwas antun|lieber tot|sterben will)
ich will sterben
(me suicider|suicide*|me tuer|en finir avec la vie|me faire du mal|plus envie de vivre|envie de mourir)
(suicid*|matarme|quitarme la vida|hacerme dano|no quiero (seguir )?viv*|quiero morir*)
(uccidermi|togliermi la vita|farla finita|farmi del male|voglio morire)
(zelfmoord|zelfdoding|mezelf iets aandoen|niet meer leven|wil dood)
""",
    "complaint_about_staff": """
(your|the) (_ )?(agent|employee|staff|colleague|colleagues|representative|rep|assistant|salesperson|shop assistant|manager|driver|courier|crew|steward|stewardess|cashier|technician|advisor|adviser|team member|lady|guy|man|woman) (_ )?(was|were|is|are|has been|have been) (_ )?(rude|unfriendly|impolite|disrespectful|aggressive|abusive|arrogant|insulting|condescending|unprofessional|drunk|threatening|dismissive|harass*|shouting|yelling|lying|laughing)
(rude|unfriendly|impolite|disrespectful|aggressive|abusive|arrogant|unprofessional) (staff|employee*|agent*|colleague*|driver*|assistant*|crew|service agent*|behaviou?r of)
(insulted|shouted at|yelled at|screamed at|laughed at|lied to|harassed|groped|threatened|hung up on) (me|us|my)
(complain|complaint) (about|against) (your|a|an|one of your|the) (_ )?(employee|staff|agent|colleague|driver|assistant|member of staff|manager|crew|team)
(ihr|ihre|ihrem|ihrer|der|die) (_ )?(mitarbeiter*|kolleg*|fahrer*|verkaufer*|berater*|personal|zusteller*|bote) (_ )?(war|ist|waren|sind|hat|haben) (_ )?(unfreundlich|unverschamt|frech|respektlos|aggressiv|beleidigend|arrogant|beleidigt|angeschrien|belastigt|bedroht|angelogen|patzig|herablassend)
(beschwerde|beschweren) (_ )?(uber|gegen) (ihren|ihre|einen|eine|den|die) (_ )?(mitarbeiter*|kolleg*|fahrer*|verkaufer*|personal)
(votre|vos|le|la|l'|un|une) (_ )?(employe*|vendeur|vendeuse|conseiller*|livreur|personnel|collegue*|agent*) (_ )?(etait|a ete|est|ont ete|m'a) (_ )?(impoli*|desagreable*|agressi*|irrespectueu*|insult*|grossi*|cri*|menac*)
(su|sus|el|la|un|una) (_ )?(emplead*|vendedor*|agente*|personal|repartidor*|trabajador*|companer*) (_ )?(fue|era|ha sido|estuvo|me) (_ )?(groser*|maleducad*|agresiv*|irrespetuos*|insult*|grit*|amenaz*)
(vostro|vostra|il|la) (_ )?(dipendente|commess*|personale|corriere|operator*) (_ )?(e stat*|era|mi ha) (_ )?(maleducat*|scortes*|aggressiv*|insultat*|minacciat*)
(uw|jullie|de) (_ )?(medewerk*|collega|bezorger|verkop*|personeel) (_ )?(was|is|heeft) (_ )?(onbeleefd|brutaal|agressief|respectloos|beledig*|uitgescholden)
""",
    "data_protection": """
(delete|erase|remove|wipe|destroy) (_ )?(my|our|all my|all our) (_ )?(data|personal data|personal information|details|account|profile|information|records)
(delete|erase) everything (you have|about me|on me)
(right to (be forgotten|erasure|access|object|data portability|rectification)|gdpr|dsgvo|ccpa|cpra|rgpd|avg-verzoek|subject access|data (protection|breach|request|privacy)|privacy (complaint|violation|breach|rights))
(copy of|access to|what|which) (_ )?(personal )?(data|information) (_ )?(you (have|hold|store|keep)|about me|on me)
(shared|leaked|sold|passed on|published|misused) (_ )?(my|our) (_ )?(data|details|address|e-?mail|number|information)
do not (sell|share) my (_ )?(data|information)
(meine|alle meine|unsere) (_ )?(daten|personenbezogenen daten) (_ )?(loschen|zu loschen|geloscht|entfernen|herausgeben|ubermitteln)
(loschen sie|loscht|loschung) (_ )?(meine|meiner|mein|aller) (_ )?(daten|konto|kontos|account)
(datenschutz*|datenauskunft|auskunft nach|artikel 15|art. 15|recht auf (vergessenwerden|loschung|auskunft)|welche daten|widerspruch gegen die verarbeitung)
(mein|unser) (konto|kundenkonto|account|profil) (_ )?(loschen|geloscht)
(supprim*|effac*) (_ )?(mes|mon|toutes mes) (_ )?(donnees|compte|informations)
(suppression de (mes donnees|mon compte)|donnees personnelles|droit (a l'oubli|d'acces|a l'effacement)|protection des donnees|cnil)
(borr*|elimin*|suprim*) (_ )?(mis|mi|todos mis) (_ )?(datos|cuenta|informacion)
(proteccion de datos|derecho (al olvido|de acceso|de supresion)|datos personales)
(cancell*|elimin*) (_ )?(i miei|il mio|tutti i miei) (_ )?(dati|account|profilo)
(protezione dei dati|diritto all'oblio|dati personali)
(verwijder*|wis) (_ )?(mijn|al mijn) (_ )?(gegevens|account|profiel|data)
(mijn gegevens (_ )?verwijderen|recht op vergetelheid|persoonsgegevens|gegevensbescherming)
""",
    "person_please": """
(human|agent|real person)(,)? please
person(,)? please (answer|reply|write|help|look)
(let|have|could|can|would|may|will) (_ )?(a|an|some|another) (real |actual |living )?(human|human being|person|agent) (_ )?(answer*|repl*|respond*|help*|look*|read*|write*)
(someone|somebody|anyone|anybody) (real|human)
(connect|transfer|put|pass) me (_ )?to (a|an|some|somebody|someone) (_ )?(person|human|agent|representative|operator|colleague|someone)
(no|stop|without) (more |the |your |any |these )?(automated|automatic|bot|robot|ai) (answer*|repl*|response*|message*|mail*)
(without|no) (any )?artificial intelligence
bitte (_ )?(ein|einen|einem) (echter |echten |richtiger |richtigen |lebender )?(mensch|menschen)
(ein|einen) (echter |richtiger |echten |richtigen )?(mensch|menschen) (_ )?(antwort*|schreib*|lesen|liest|bearbeit*|beantwort*|helfen|hilft)
keinen (bot|chatbot|roboter|automaten|ki-bot)
menschliche* (antwort*|hilfe|bearbeitung|ansprechpartner)
(ohne|keine) (kunstliche intelligenz|ki-antwort*)
(un|une|d'un|d'une) (vrai |vraie |veritable |etre )?(humain|personne|conseiller|agent)(,)? (svp|stp)
(reponse|repondu|reponde|repondre) (_ )?(d'|par |de )(un|une) (vrai |vraie |etre )?(humain|personne|etre humain)
(pas|plus) d'(ia|intelligence artificielle)
sans (aucune |d')?intelligence artificielle
(responda|conteste|atienda|responder|contestar|atender|respuesta de|respondida por) (una persona|un humano|una persona real|un ser humano)
(sin|nada de|no quiero) inteligencia artificial
senza intelligenza artificiale
non voglio (un |una |il )?(robot|bot|ia|chatbot|risposta automatica|risposte automatiche)
(risposta|rispondere|risponda|risponde) (_ )?(da |di |)(una persona|un umano|un operatore|un essere umano)
(een )?(echt |echte )?(mens|persoon|medewerker) (spreken|te spreken)
(kan|mag|laat|kunt u) (_ )?een (echt |echte )?(mens|persoon|medewerker) (_ )?(antwoord*|helpen|lezen|kijken)
(zonder|geen) kunstmatige intelligentie
(a|an|some) (real |human |actual |living )?(person|human|human being|agent|employee)(,)? please
(a|an) (real|actual|living) (person|human|human being)
(speak|talk|chat|write|connected|transferred|put through) (_ )?(to|with) (a|an|some|somebody|someone) (_ )?(person|human|human being|agent|representative|operator|manager|real|colleague|supervisor)
(speak|talk|chat) (to|with) (someone|somebody)
(want|need|prefer|like|get|give me|let me have) (_ )?(a human|a real person|a person|human support|human help|human agent|an answer from a (person|human))
(answer|reply|response) (from|by) a (real |human )?(person|human|human being)
(no|not|without|stop) (a |an |the |your |any )?(ai|a.i.|bot|bots|robot|robots|chatbot|chatbots|machine|automated (answer*|repl*|response*))
(answer|reply|write) (_ )?without ai
(ein|einen|einem|mit einem|von einem) (echten |richtigen |echter |richtiger )?(mensch|menschen|mitarbeiter)(,)? bitte
(einem|einen|ein|mit einem|von einem) (echten |richtigen |lebenden )(mensch|menschen|mitarbeiter|ansprechpartner)
(mit|von) (einem|einer) (menschen|person|mitarbeiter|mitarbeiterin) (_ )?(sprechen|reden|schreiben|antwort|verbunden)
(keine|ohne|kein) (_ )?(ki|ai|bot|bots|chatbot|roboter|maschine|automatische* antwort*)
(une|un) (vraie |veritable |etre )?(personne|humain|conseiller|agent)(,)? s'il (vous|te) plait
(parler|discuter|echanger|ecrire) (_ )?(a|avec) (_ )?(une (vraie )?personne|un (etre )?humain|quelqu'un|un conseiller|un agent)
(une vraie personne|un etre humain|un vrai humain)
(pas de|sans|ni) (_ )?(ia|robot|robots|bot|chatbot|machine|reponse automatique)
(una|un) (persona|humano|agente)( real| de verdad)?(,)? por favor
(hablar|hable|comunicarme|chatear) (_ )?con (_ )?(una persona|un humano|alguien|un agente|un ser humano)
(una persona (real|de verdad)|un ser humano)
(sin|nada de|no quiero) (_ )?(ia|robot|robots|bot|bots|chatbot|maquina|respuestas? automatica*)
(una|un) (persona|umano|operatore|essere umano)( vera| reale)?(,)? per favore
(parlare|parlo) con (_ )?(una persona|un umano|qualcuno|un operatore)
(una persona (vera|reale)|un essere umano)
(senza|niente|no) (_ )?(ia|robot|bot|chatbot|risposte automatiche)
(een)? (echt )?(mens|persoon|medewerker)(,)? (alstublieft|alsjeblieft|graag|aub)
(spreken|praten|chatten) (_ )?met (_ )?(een (echt )?(mens|persoon|medewerker)|iemand)
met (een (echt )?(mens|persoon|medewerker)|iemand) (spreken|praten|chatten)
(een echt mens|een echte persoon|echt persoon)
(geen|zonder) (_ )?(ai|robot|robots|bot|chatbot|automatische antwoord*)
""",
}

#: A wish to be forgotten, in so many words.
ERASURE = """
(delete|erase|remove|wipe|destroy) (all |all of )?(my|our) (_ )?(data|personal data|personal information|details|account|profile|information|records)
(delete|erase) everything (you have|about me|on me)
(right to (be forgotten|erasure))
(loschen sie|loscht|losche|loschung|loschen) (_ )?(meine|meiner|mein|meines|aller|alle) (_ )?(daten|personenbezogenen daten|konto|kontos|kundenkonto|account|profil)
(meine|alle meine|mein) (_ )?(daten|personenbezogenen daten|konto|kundenkonto|account|profil) (_ )?(loschen|zu loschen|geloscht werden)
recht auf (vergessenwerden|loschung)
(supprim*|effac*) (_ )?(mes|mon|toutes mes) (_ )?(donnees|compte|informations)
(suppression de (mes donnees|mon compte)|droit (a l'oubli|a l'effacement))
(borr*|elimin*|suprim*) (_ )?(mis|mi|todos mis) (_ )?(datos|cuenta|informacion)
(derecho (al olvido|de supresion))
(cancell*|elimin*) (_ )?(i miei|il mio|tutti i miei) (_ )?(dati|account|profilo)
diritto all'oblio
(verwijder*|wis) (_ )?(mijn|al mijn) (_ )?(gegevens|account|profiel|data)
mijn gegevens (_ )?verwijderen
recht op vergetelheid
"""
