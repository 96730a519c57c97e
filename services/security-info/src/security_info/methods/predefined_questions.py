"""The questions that everyone can choose from; organizations may add their own."""

from collections.abc import Mapping

PREDEFINED: Mapping[str, Mapping[str, str]] = {
    "first-concert": {
        "en": "What was the first concert you went to?",
        "sv": "Vilken var den första konserten du gick på?",
    },
    "childhood-street": {
        "en": "What was the name of the street where you played as a child?",
        "sv": "Vad hette gatan där du lekte som barn?",
    },
    "first-job-town": {
        "en": "In which town did you have your first job?",
        "sv": "I vilken ort hade du ditt första arbete?",
    },
    "first-boss": {
        "en": "What was the surname of your first boss?",
        "sv": "Vad hette din första chef i efternamn?",
    },
    "favourite-teacher": {
        "en": "What was the surname of the teacher you liked best?",
        "sv": "Vad hette den lärare du tyckte bäst om i efternamn?",
    },
    "first-pet": {
        "en": "What was your first pet called?",
        "sv": "Vad hette ditt första husdjur?",
    },
    "dream-pet": {
        "en": "What did you want to call the pet you never got?",
        "sv": "Vad ville du döpa husdjuret du aldrig fick till?",
    },
    "first-car": {
        "en": "Which make and model was the first car you drove?",
        "sv": "Vilket märke och vilken modell var den första bil du körde?",
    },
    "learned-swimming": {
        "en": "Where did you learn to swim?",
        "sv": "Var lärde du dig simma?",
    },
    "learned-cycling": {
        "en": "Who taught you to ride a bicycle?",
        "sv": "Vem lärde dig cykla?",
    },
    "first-flight": {
        "en": "Where did your first flight take you?",
        "sv": "Vart gick din första flygresa?",
    },
    "first-abroad": {
        "en": "Which was the first foreign country you visited?",
        "sv": "Vilket var det första främmande land du besökte?",
    },
    "best-holiday": {
        "en": "Where did you spend the best holiday of your childhood?",
        "sv": "Var tillbringade du barndomens bästa semester?",
    },
    "summer-place": {
        "en": "What is the name of the place where you spent your summers?",
        "sv": "Vad heter platsen där du tillbringade dina somrar?",
    },
    "grandmother-town": {
        "en": "In which town was your maternal grandmother born?",
        "sv": "I vilken ort föddes din mormor?",
    },
    "grandfather-work": {
        "en": "What did your paternal grandfather do for a living?",
        "sv": "Vad arbetade din farfar med?",
    },
    "oldest-cousin": {
        "en": "What is the first name of your oldest cousin?",
        "sv": "Vad heter din äldsta kusin i förnamn?",
    },
    "parents-met": {
        "en": "In which town did your parents meet?",
        "sv": "I vilken ort träffades dina föräldrar?",
    },
    "sibling-nickname": {
        "en": "Which nickname did your family use for a brother or sister?",
        "sv": "Vilket smeknamn hade ett av dina syskon i familjen?",
    },
    "childhood-nickname": {
        "en": "What were you called at home as a child?",
        "sv": "Vad kallades du hemma som barn?",
    },
    "childhood-friend": {
        "en": "What is the full name of your best friend from childhood?",
        "sv": "Vad heter din bästa barndomsvän i för- och efternamn?",
    },
    "neighbour": {
        "en": "What was the surname of the neighbours when you grew up?",
        "sv": "Vad hette grannarna i efternamn när du växte upp?",
    },
    "first-school": {
        "en": "What was your first school called?",
        "sv": "Vad hette din första skola?",
    },
    "school-subject": {
        "en": "Which subject at school did you like least?",
        "sv": "Vilket skolämne tyckte du minst om?",
    },
    "dream-job": {
        "en": "What did you want to become when you were ten?",
        "sv": "Vad ville du bli när du var tio år?",
    },
    "first-instrument": {
        "en": "Which was the first instrument you tried to play?",
        "sv": "Vilket var det första instrument du försökte spela?",
    },
    "first-album": {
        "en": "Which was the first album you bought with your own money?",
        "sv": "Vilket var det första album du köpte för egna pengar?",
    },
    "first-film": {
        "en": "Which film did you first see at a cinema?",
        "sv": "Vilken film såg du först på bio?",
    },
    "childhood-book": {
        "en": "Which book was read to you most often as a child?",
        "sv": "Vilken bok lästes oftast för dig när du var barn?",
    },
    "childhood-hero": {
        "en": "Which made-up character was the hero of your childhood?",
        "sv": "Vilken påhittad figur var din barndoms hjälte?",
    },
    "childhood-toy": {
        "en": "What was the name of your favourite stuffed toy?",
        "sv": "Vad hette ditt favoritgosedjur?",
    },
    "hated-food": {
        "en": "Which dish did you refuse to eat as a child?",
        "sv": "Vilken maträtt vägrade du äta som barn?",
    },
    "first-dish": {
        "en": "Which was the first dish you learned to cook?",
        "sv": "Vilken var den första maträtt du lärde dig laga?",
    },
    "first-goal": {
        "en": "In which sport did you first take part in a contest?",
        "sv": "I vilken sport deltog du först i en tävling?",
    },
    "lost-thing": {
        "en": "Which lost thing do you still miss?",
        "sv": "Vilken förlorad sak saknar du fortfarande?",
    },
}
