import { fold } from './spelling.ts'

/** Everyday words around the site's own labels, folded, with what the planner reads in their place. */
const WORDS: Record<string, [pattern: string, english: string][]> = {
  de: [
    ['zeig(?:e)?(?: mir| uns)?|liste(?: mir)?(?: auf)?', 'show'],
    ['wie ?viele', 'how many'],
    ['alle[nrs]?|bitte|mir|die|den|das|dem|unsere[nrs]?|meine[nrs]?|gibt es|haben wir', ''],
    ['unbezahlte[nrs]?|nicht bezahlte[nrs]?', 'unpaid'],
    ['uberfallige[nrs]?', 'overdue'],
    ['offene[nrs]?', 'open'],
    ['von|fur|der|des', 'of'],
    ['(?:in )?diese[nms]? monat(?:s)?', 'this month'],
    ['(?:im )?letzten monat', 'last month'],
    ['(?:in )?diese[ms]? jahr(?:es)?', 'this year'],
    ['uber', 'over'],
    ['erstelle(?:n)?|lege(?: an)?|neue[rns]?', 'create'],
    ['namens', 'called'],
  ],
  fr: [
    ['montre(?:z)?(?:[ -]moi)?|affiche(?:z)?|liste', 'show'],
    ['combien de|combien d', 'how many'],
    ['toutes les|tous les|les|la|le|nos|mes|s il vous plait|y a-t-il|avons-nous', ''],
    ['impaye(?:e)?s?', 'unpaid'],
    ['en retard', 'overdue'],
    ['ouvert(?:e)?s?', 'open'],
    ['de la|de|du|des|pour', 'of'],
    ['ce mois(?:-ci)?', 'this month'],
    ['le mois dernier', 'last month'],
    ['cette annee', 'this year'],
    ['plus de', 'over'],
    ['creer|cree(?:z)?|nouveau|nouvelle', 'create'],
    ['appele(?:e)?', 'called'],
  ],
  es: [
    ['muestrame|mostrar|muestra|lista', 'show'],
    ['cuant[oa]s', 'how many'],
    ['tod[oa]s (?:los|las)|los|las|el|la|mis|nuestr[oa]s|por favor|hay|tenemos', ''],
    ['impagad[oa]s?|pendientes? de pago|sin pagar', 'unpaid'],
    ['vencid[oa]s?', 'overdue'],
    ['abiert[oa]s?|pendientes?', 'open'],
    ['de|del|para', 'of'],
    ['este mes', 'this month'],
    ['(?:el )?mes pasado', 'last month'],
    ['este ano', 'this year'],
    ['mas de', 'over'],
    ['crear|crea|nuev[oa]', 'create'],
    ['llamad[oa]', 'called'],
  ],
  it: [
    ['mostra(?:mi)?|elenca', 'show'],
    ['quant[ie]', 'how many'],
    ['tutt[ie] (?:gli|i|le)|gli|le|il|lo|i|miei|nostr[ie]|per favore|ci sono|abbiamo', ''],
    ['non pagat[ie]|insolut[ie]', 'unpaid'],
    ['scadut[ie]', 'overdue'],
    ['apert[ie]', 'open'],
    ['di|del|della|per', 'of'],
    ['questo mese', 'this month'],
    ['(?:il )?mese scorso', 'last month'],
    ['quest anno', 'this year'],
    ['oltre|piu di', 'over'],
    ['crea|nuov[oa]', 'create'],
    ['chiamat[oa]', 'called'],
  ],
  pt: [
    ['mostr[ea](?:-me)?|liste', 'show'],
    ['quant[oa]s', 'how many'],
    ['tod[oa]s [oa]s|os|as|o|a|meus|noss[oa]s|por favor|ha|temos', ''],
    ['nao pag[oa]s|por pagar|em aberto', 'unpaid'],
    ['vencid[oa]s|atrasad[oa]s', 'overdue'],
    ['abert[oa]s|pendentes', 'open'],
    ['de|do|da|para', 'of'],
    ['este mes', 'this month'],
    ['mes passado', 'last month'],
    ['este ano', 'this year'],
    ['mais de|acima de', 'over'],
    ['criar|crie|nov[oa]', 'create'],
    ['chamad[oa]', 'called'],
  ],
  nl: [
    ['toon(?: mij)?|laat (?:mij|me) zien', 'show'],
    ['hoeveel', 'how many'],
    ['alle|de|het|mijn|onze|graag|zijn er|hebben we', ''],
    ['onbetaalde|niet betaalde|openstaande', 'unpaid'],
    ['achterstallige|te late', 'overdue'],
    ['open', 'open'],
    ['van|voor', 'of'],
    ['deze maand', 'this month'],
    ['vorige maand', 'last month'],
    ['dit jaar', 'this year'],
    ['meer dan|boven', 'over'],
    ['maak|nieuwe?', 'create'],
    ['genaamd', 'called'],
  ],
}

const PATTERNS = new Map(
  Object.entries(WORDS).map(([language, words]) => [
    language,
    words.map(([pattern, english]) => {
      const whole = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${pattern})(?![\\p{L}\\p{N}-])`, 'gu')
      return [whole, english] as const
    }),
  ]),
)

/** The text with the small words of `language` in English; names and labels stay as they are. */
export function withEnglishWords(text: string, language: string): string {
  let rest = text
  for (const [pattern, english] of PATTERNS.get(language) ?? []) {
    rest = replaced(rest, pattern, english)
  }
  return rest.replace(/\s+/g, ' ').trim()
}

/** Folding keeps the length, so that places in the folded text are places in the text. */
function replaced(text: string, pattern: RegExp, english: string): string {
  let result = ''
  let from = 0
  for (const match of fold(text).matchAll(pattern)) {
    result += text.slice(from, match.index) + english
    from = match.index + match[0].length
  }
  return result + text.slice(from)
}
