import { readDate, type Sentence, type Today } from '../language/index.ts'

const COUNT =
  '(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)'
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const WEEKDAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day'

/** Ways to name one day, looking forward; what stands before them ("until", "by") goes with them. */
const DAY = new RegExp(
  `\\b(?:(?:until|till|by|on|before|to|for|through|due|in|not later than) )*(?:the )?(` +
    [
      '\\d{4}-\\d{2}-\\d{2}',
      `(?:another )?${COUNT} (?:day|week|month)s?(?: from (?:now|today)| time)?(?= |$|[,.;!?])`,
      'end of (?:the |this |next )?(?:week|month|quarter|year)',
      `(?:next |this |coming )?${WEEKDAY}`,
      `\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}\\b(?:,? \\d{4})?`,
      `${MONTH} \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?`,
      'day after tomorrow|tomorrow|today',
      'next (?:week|month)',
      '\\d{1,2}(?:st|nd|rd|th)\\b',
    ].join('|') +
    ')',
)

const COUNTS: Record<string, string> = {
  ...{ a: '1', an: '1', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6' },
  ...{ seven: '7', eight: '8', nine: '9', ten: '10', twelve: '12', fourteen: '14', thirty: '30' },
}

/** Every day that is named, taken out of the sentence; null where one cannot be read. */
export function takeDays(sentence: Sentence, today: Today): string[] | null {
  const days: string[] = []
  for (let match = sentence.take(DAY); match; match = sentence.take(DAY)) {
    const said = match[1]!.replace(/^another /, '')
    const relative = /^(\w+) ((?:day|week|month)s?)/.exec(said)
    const count = relative && (COUNTS[relative[1]!] ?? relative[1]!)
    const day = readDate(count ? `in ${count} ${relative[2]}` : said, today)
    if (!day) return null
    days.push(day)
  }
  return days
}
