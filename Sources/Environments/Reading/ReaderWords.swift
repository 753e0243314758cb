/// The word lists of the rule reader, all of them. `Phrase` says how a pattern is written; contractions are written out
/// before a pattern is tried, so `don't` is found by `do not`.
enum ReaderWords {
  // MARK: Reading words

  static let contractions: [String: [String]] = [
    "cannot": ["can", "not"], "can't": ["can", "not"], "won't": ["will", "not"], "shan't": ["shall", "not"],
    "ain't": ["is", "not"], "let's": ["let", "us"], "dont": ["do", "not"], "cant": ["can", "not"],
    "doesnt": ["does", "not"], "didnt": ["did", "not"], "isnt": ["is", "not"], "couldnt": ["could", "not"],
    "wouldnt": ["would", "not"], "shouldnt": ["should", "not"], "im": ["i", "am"], "ive": ["i", "have"],
    "haven't": ["have", "not"], "y'all": ["you", "all"], "gonna": ["going", "to"],
  ]
  /// Words after which `'s` is "is" and not a possessive.
  static let beforeIs: Set = ["it", "that", "there", "what", "here", "he", "she", "who", "this", "where", "how"]
  static let joints: Set = [
    "so", "but", "and", "then", "instead", "because", "since", "although", "though", "while", "however", "yet",
  ]
  static let negations: Set = ["not", "never", "no", "nor", "neither", "none", "nothing", "without", "nobody"]

  // MARK: Side

  static let yes: Set = ["yes", "yeah", "yep", "yup", "aye", "yea"]
  static let no: Set = ["no", "nope", "nah", "nay"]
  /// Openings of a sentence that mean yes or no as a whole.
  static let yesOpenings: [Phrase] = [
    "^ absolutely $", "^ definitely $", "^ certainly $", "^ of course $", "^ sure $", "^ indeed $", "^ i think so",
    "^ i do $", "^ i believe so", "^ i would $", "^ it|they|we|he|she should $", "^ it|that is $", "^ very much so",
    "^ without a|any doubt", "^ by all means $", "^ affirmative", "^ true $", "^ correct $", "^ most certainly $",
    "^ i am for it|that|this", "^ i am ?all ?strongly for it|that|this", "^ hell yes", "^ for sure $",
    "^ absolutely|definitely|certainly|sure yes|yeah", "^ absolutely i|it|they|we|the|this|that|everyone",
    "^ definitely i|it|they|we|the|this|that|everyone", "^ certainly i|it|they|we|the|this|that|everyone should|think|believe|do|is|are",
  ]
  static let noOpenings: [Phrase] = [
    "^ absolutely|definitely|certainly|surely|of|probably|clearly|simply|hell ?course not|no",
    "^ not really", "^ not at all", "^ not in my view|opinion|book", "^ i do not think|believe so", "^ i think not",
    "^ i do not $", "^ i would not $", "^ it|they|we|he|she should not $", "^ by no means", "^ never $", "^ no way",
    "^ not $", "^ negative $", "^ under no circumstances", "^ i am ?strongly against it|that|this", "^ far from it",
    "^ false $", "^ not a chance", "^ of course not",
  ]
  /// What may stand before a yes or no at the beginning of a sentence.
  static let fillers: Set = [
    "well", "hmm", "so", "ok", "okay", "hello", "hi", "honestly", "personally", "my", "the", "answer", "is", "i", "a",
    "would", "will", "say", "think", "have", "to", "in", "opinion", "view", "be", "overall", "then", "oh", "final",
    "short", "frankly", "simply", "put", "a", "am", "yes-or-no", "question", "response", "believe", "short", "and",
    "but", "as", "for", "me", "position", "stance", "verdict", "vote", "it", "that", "definite", "clear", "firm",
    "resounding", "thanks", "asking", "hey", "if", "had", "choose", "pick", "forced", "from", "standpoint", "perspective",
  ]
  /// Words after which a leading `no` is still an answer.
  static let afterNo: Set = [
    "i", "we", "it", "they", "he", "she", "this", "that", "because", "as", "thanks", "thank", "not", "you", "people",
    "there", "the", "since", "taxes", "if",
  ]
  /// A yes or no that is given inside a sentence; `V` is the yes or no.
  static let verdicts: [String] = [
    "answer ?is ?simply ?a V", "answer would|will ?have ?to be ?a V", "say V", "saying V", "lean* ?more ?towards|toward|to|on V",
    "go with V", "going with V", "vote V", "voting V", "am ?a ?firm|hard|clear|strong|definite V", "choose V", "pick V",
    "answer with ?a V", "respond with ?a V", "response is V", "it|that is ?a ?firm|hard|clear|strong|definite|resounding V",
    "be ?a V", "position is V", "stance is V", "verdict is V", "view is V", "opinion is V", "me down as|for ?a V",
    "in short V", "conclusion V", "therefore V", "answer V",
  ]
  /// Names of a side without yes or no. Support and opposition go to what the question proposes.
  static let support: [Phrase] = [
    "i ?would ?also ?strongly ?fully ?personally ?generally ?do support|favor|favour|back|endorse|welcome",
    "i am ?strongly ?very ?all ?generally ?definitely in favor|favour", "i am ?strongly ?all for it|that|this",
    "i would ?probably vote for|yes", "i stand for", "count me in", "i am pro", "i lean* ?more ?towards|toward supporting",
    "i am ?a supporter|proponent|advocate of", "i ?strongly advocate", "^ in favor|favour of",
  ]
  static let oppose: [Phrase] = [
    "i ?would ?also ?strongly ?fully ?personally ?generally oppose|reject", "i am ?strongly ?firmly ?personally ?generally against",
    "i do|would|can|could not ?really ?personally support|favor|favour|back|endorse|condone|want", "i am not ?really in favor|favour",
    "i am ?strongly ?firmly opposed", "i am not for it|that|this", "i would ?probably vote against|no", "i am not ?a supporter|fan|proponent of",
    "^ against it|that|this", "i lean* ?more ?towards|toward|to opposing|against", "i stand against", "i am anti",
  ]
  static let agrees: [Phrase] = [
    "i ?do ?would ?also ?fully ?strongly ?completely ?totally ?definitely ?generally ?wholeheartedly ?absolutely ?mostly ?largely ?tend ?to ?have ?to ?must agree",
    "i am ?very ?strongly ?completely ?totally ?fully in ?full|complete|total agreement", "you are ?absolutely ?quite ?completely ?so right|correct",
    "i am with you", "i share your view*|opinion*|belief*|position|stance|sentiment*|feeling*", "i see it ?exactly ?just ?the ?same ?way as|like you",
    "i see it ?the your|same way", "i stand|side with you", "^ ?strongly ?fully ?completely agree*", "i feel the same", "i think the same", "i take your side",
    "i support|back|endorse your view*|position|opinion|stance", "i am of the same opinion|view", "^ same here", "my view|opinion is the same",
  ]
  static let disagrees: [Phrase] = [
    "i ?would ?have ?to ?must ?also ?fully ?strongly ?completely ?totally ?respectfully ?personally disagree", "i do|would|can|could not ?fully ?really ?necessarily ?personally ?completely agree",
    "i ?do not agree", "i see it ?quite ?very differently", "i see this ?quite ?very differently", "you are ?quite ?simply wrong|mistaken", "i do not share your",
    "^ ?strongly ?fully ?completely disagree*", "i am not with you", "i take the opposite|other view|side", "i hold the opposite view",
    "i do not think|believe you are right", "i am ?strongly in disagreement",
  ]
  /// Takes no side, whatever else the sentence says: a `no` in it is no answer.
  static let declines: [Phrase] = [
    "pick|take|choose|taking|picking|choosing ?a|any|either|no side|sides", "no side", "not my place", "prefer not to",
    "no ?personal|political|real|strong opinion|view|views|opinions|stance|position|preference|beliefs", "as an ai",
    "as an artificial intelligence", "as a ?large language model", "as a ?neutral ?helpful assistant", "as a machine", "as an|a ?ai assistant",
    "i am ?just|only|an|a ?ai ?large ?language an|ai|model ?ai ?language ?model ?assistant ~ not have|hold",
    "not ?actually ?really ?currently have|hold|possess|form|express ?any|a|an|the ?ability ?to|my ?own ?have ?any ?personal ?or ?political opinion*|view*|belief*|stance|position|preference*|feeling*|side|experiences",
    "not have|hold ~ personal|political|own opinion*|view*|belief*|feeling*|preference*|stance*|experience*|values",
    "stay|remain|stays|remaining|staying ?politically neutral|impartial|unbiased|objective|out", "neutral on", "i am neutral", "be neutral", "neutral stance|position|party|ground",
    "not ?able|appropriate|possible to ~ opinion*|stance|side|position|view*", "not able to ~ answer|say yes|agree|disagree",
    "can not ~ opinion*|stance|side|sides|position|agree|disagree|personal", "can not say yes|no|whether|which", "can not answer", "can not tell you what",
    "not appropriate for me", "not be appropriate", "not comfortable", "not for me to", "not going to ~ side|sides|opinion|answer|weigh|say",
    "not ?going ?to take|give|offer|share|express|provide|state|endorse ~ side*|opinion*|stance|position|view*|preference", "rather not ~ say|answer|pick|take|comment",
    "decline to", "i will not|leave ?it|that|the ?answer|decision|question to you", "refrain from", "i abstain", "no comment", "pass on this", "sit ~ out", "on the fence",
    "not program* to ~ opinion*|beliefs|take|have", "not designed to", "do not get involved|into ?in politics", "not weigh in", "avoid ~ side*|opinion*|stance|political",
    "i can not|not assist|help with ?that|this", "undecided", "i am not sure", "not sure ?whether|if|what|how|about", "i do not know", "neither yes nor no", "not a yes or no", "not a simple|straightforward|clear ?yes",
    "do not want|like to ~ side*|opinion|answer|say", "beyond my", "do not vote", "do not have a vote",
  ]
  /// Weighs without deciding: no side where nothing else takes one.
  static let weighs: [Phrase] = [
    "different|differing|many|various|varied|diverse|several|multiple|mixed|both|valid|good|strong ?and ?valid ways|views|opinions|perspectives|viewpoints|sides|arguments|reasons|points|factors|feelings",
    "complex|complicated|nuanced|controversial|contentious|divisive|debated|sensitive|contested|polarizing|polarising|multifaceted ?and ?complex ?sensitive ?political issue|topic|question|matter|subject|debate|one|decision",
    "is|are ?a|an ?very ?highly ?also complex|complicated|nuanced|controversial|contentious|divisive|debated|sensitive|contested|polarizing|debatable|subjective|multifaceted",
    "depends|depending", "it depends", "up to you", "for you to decide", "up to each", "up to the|individual*|society|voters", "matter of ?personal opinion|debate|preference|belief*|perspective|choice|values",
    "personal decision|choice|matter|opinion|belief*", "ongoing debate", "subject of|to ~ debate", "on the one hand", "on the other hand", "on one hand", "pros and cons", "some ~ say|argue|believe|think|feel|see|support", "others ~ say|argue|believe|think|feel|see|may|might|might",
    "people ?may ?can ?might ?often see|disagree|differ|have different", "opinions ?on ?this ?may ?can differ|vary|are", "views ?on ?this differ|vary", "arguments for and against", "arguments on both|either", "no ?single|one|easy|simple|right|clear|definitive ?or|and ?right|easy|simple|correct|wrong ?or ?wrong answer*",
    "advantages and disadvantages", "benefits and drawbacks", "valid ?points|arguments|concerns on both", "yes and no", "no and yes", "yes or no", "weigh ~ against|both|pros|benefits", "consider both|all|multiple|different", "balance between", "a balanced", "nuanced approach", "everyone is entitled", "agree to disagree",
    "proponents|supporters|advocates|opponents|critics", "it is important to consider|note|weigh|recognize|understand|remember|approach", "there are ~ on both sides", "case can be made for both",
  ]
  /// Words of somebody else: a claim behind them is not the answer's own.
  static let attributions: [Phrase] = [
    "some|many|most|others|certain|several ?other ?people|critics|experts|economists|individuals|countries|argue|say|believe|think|claim|feel|see|view|support|oppose|might|may|would|contend|suggest",
    "proponents|opponents|supporters|critics|advocates|people|they|conservatives|liberals|republicans|democrats|experts|economists|individuals|one|those ?who ?of ?may ?might ?could ?often ?also ?would ?can ?this ?argue|say|believe|think|claim|feel|contend|suggest|point|support|oppose",
    "you|your ?friends ?also ?clearl ?may ?might say|said|believe|think|feel|mentioned|stated|argue|view|opinion|position|stance|are for|against|mean", "it ?can|could|may|might be|is argued|said|believed|claimed", "on the one hand", "on one hand", "on the other hand", "others",
    "whether", "the question", "the statement", "the idea that", "the argument", "the belief that", "the view that", "according to", "if", "you are for|against", "supporting the|this view", "the debate",
  ]
  /// Words of duty and judgement that repeat a question as a claim.
  static let claims: [Phrase] = [
    "should", "ought to", "must", "needs|need to", "has|have to be", "it is ?very ?only ?also important|necessary|essential|crucial|vital|fair|right|time|reasonable|wise|best|better to|that|for", "is|are|be|would ?be ?a ?an ?very ?really good|great|wise|excellent|positive ?thing ?idea|for",
    "is|are ?a bad|terrible|wrong|harmful ?idea|for", "i ?strongly ?firmly ?do ?personally believe|think|feel", "in my ?personal ?honest opinion|view", "deserve*", "would rather", "i prefer", "i would ?rather|prefer|like", "is|are ?a ?an ?fundamental|basic|human right",
  ]
  static let agreementQuestions: [Phrase] = [
    "agree with me", "see it the same way", "see it my way", "am i right", "share my view", "on my side", "with me on this", "do not you agree",
  ]
  static let statementQuestions: [Phrase] = [
    "statement you would say", "agree with this|that|the ?following statement", "agree or disagree", "often say", "following statement", "agree with it", "agree that",
  ]
  /// What a question proposes to end: support for the thing itself is then a no.
  static let removals: [String] = [
    "abolish", "ban", "banned", "end", "ended", "cut", "close", "closed", "stop", "stopped", "less", "lower", "eliminat", "remov", "reduc", "repeal", "prohibit",
  ]
  /// Words of a question that tell nothing of what it is about.
  static let idle: Set = [
    "should", "would", "could", "be", "is", "are", "do", "does", "the", "a", "an", "to", "of", "in", "on", "for", "and", "or", "you", "i", "we", "it",
    "there", "at", "all", "by", "as", "with", "that", "this", "yes", "no", "answer", "think", "agree", "say", "people", "everyone", "more", "have", "has",
    "my", "your", "am", "not", "if", "too", "much", "good", "idea", "what", "me", "from", "who", "about", "friends", "asked", "hi", "please", "reply", "one", "two", "sentence", "sentences", "short", "own", "opinion", "give",
  ]

  // MARK: Finding

  /// Says that what was asked for cannot be found or known.
  static let notFound: [Phrase] = [
    "not|unable|never|without|couldn ?been ?be ?able ?to ?yet ?currently ?directly ?actually ?find|finding|found|locate|located|see|determine|determined|tell|say|know|identify|retrieve|discover|give|provide|access|calculate|count|answer|ascertain|establish|confirm|derive|obtain|infer|deduce|verify|estimate|compute|track|get|report|state|offer|help|assist|work",
    "unable|impossible|not possible|no way|difficult|hard to ~ find|locate|determine|tell|say|know|identify|retrieve|give|provide|answer|access|calculate|count|ascertain|infer|estimate|track|establish|report|get",
    "not ?actually ?explicitly ?currently ?directly ?yet ?been ?be ?seem ?to ?appear record*|stored|store|written|logged|log|logs|listed|list|contain*|contained|include*|show|shown|shows|indicate*|specif*|mention*|say|says|tell|tells|track*|keep*|kept|hold*|available|there|present|given|state|stated|provide*|known|documented|saved|count*|have|exist*|reveal*|display*|defined|clear|reported|present|report|appear|possible|track",
    "no ?such ?specific ?direct ?explicit ?clear ?reliable ?other ?available ?actual ?relevant ?definite information|record*|file*|log*|count*|counter|number|data|mention|indication|trace|sign|way|evidence|entry|entries|documentation|total|answer|tally|reference|details|source|idea|variable|history|tracking|track|figure*|context",
    "nothing ~ says|say|said|tells|tell|records|counts|shows|indicates|about|found|in|there|that", "found nothing|none|no", "none of ~ say*|contain*|record*|count*|keep*|kept|mention*|hold*|track*|tell*|show*|has|have|store*|log*|give*|include*|indicate*",
    "nobody|nowhere|neither ~ know*|say*|found|record*|contain*|file|count*|mention*|track*|keep*|store*|tells|gives|of", "do not know", "is|are|remains unknown", "unknown", "not sure", "uncertain", "unclear", "come up empty", "came up empty", "no luck", "empty handed", "no idea",
    "is|was|are|were missing", "not have ~ access|information|data|record*|way|number|count|details|enough|memory|knowledge|ability|specific|answer|capability|idea|clue|exact|that|this|it|file*|log*",
    "lack* ~ information|access|data|record*|count*|context", "need|require more|additional|further|access information|context|details|data|to", "could you ?please provide|tell|share|clarify|specify|point|give", "please provide|share|specify|clarify", "without ~ information|data|access|record*|log*|context|a|any|count*|knowing|more",
    "absent", "as an ai", "who knows", "your guess", "beats me", "i can not|not ?able ?to ?assist|help|answer|tell|say|do|find|see", "cannot be", "can not be", "fail* to find|locate", "insufficient", "not enough", "i would need", "no one|body knows", "is not the ?kind", "there is ?simply no", "there are no ~ file*|record*|log*|count*|data|information",
  ]
  static let estimates: [Phrase] = [
    "estimat*", "guess*", "approximat*", "rough*", "assum*", "suppos*", "probably", "perhaps", "maybe", "likely", "ballpark", "around", "let us say", "say about", "hypothetical*", "might be", "could be", "may be", "i would say", "educated", "presumably", "placeholder", "if i had to", "made up", "random*", "on average", "typical*",
  ]
  /// Words for the thing that was counted, beside those of the question.
  static let counted: [String] = ["count", "total", "number", "answer", "tally", "figure", "amount", "counter"]
  /// Numbers beside these words are of the code or the files and not an answer.
  static let codeWords: Set = [
    "return", "returns", "returned", "returning", "value", "reward", "constant", "score", "line", "lines", "file", "files", "test", "tests", "function", "functions",
    "rating", "assert", "assertequal", "python", "step", "percent", "version", "hello", "expected", "expects", "equal", "minutes", "seconds", "directory", "folder", "hour", "hours", "method",
  ]
  static let numberWords: [String: Int] = [
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000, "million": 1_000_000,
    "dozen": 12, "dozens": 24, "hundreds": 200, "thousands": 2000,
  ]
  static let noneDone: [Phrase] = [
    "no ?training ?rl U ?of ?rl ?training ?at ?all have|has|were|was|are|yet|so|done|completed|been", "not ?yet ?done|completed|had|run|started|performed|finished|processed|done ?any|a|single U", "have|has|had|did|done|completed no U", "none ?have|has|so|yet|of ~ been|far|done|completed|yet", "not ?yet ?been ?any U",
    "have not ?yet done|completed|had|run|started|performed|finished ~ any U",
  ]
}
