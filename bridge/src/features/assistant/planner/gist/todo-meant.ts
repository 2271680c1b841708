import { wordsOf } from '../../routing/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { isFrameWord } from './frame-words.ts'
import type { Gist } from './gist.ts'

const OPEN_AT_MOST = 100
const ALIKE = 4

/** The one open to-do whose words a request uses; null when none or several fit. */
export async function todoMeant(
  { text, doctypes }: Gist,
  planner: PlannerTurn,
): Promise<string | null> {
  if (!doctypes.includes('ToDo')) return null
  const asked = wordsOf(text.replace(/\bto-?dos?\b/g, ' ')).filter(
    (word) => word.length > 2 && !isFrameWord(word),
  )
  if (asked.length === 0) return null
  const { table } = await planner.site.call('list_records', {
    doctype: 'ToDo',
    fields: ['name', 'description'],
    filters: [['status', '=', 'Open']],
    limit: OPEN_AT_MOST,
  })
  const ranked = table.rows
    .map((row) => ({ name: String(row.name), hits: hitsIn(asked, String(row.description)) }))
    .sort((a, b) => b.hits - a.hits)
  const [best, second] = ranked
  const isEnough = best && best.hits >= Math.min(2, asked.length) && best.hits * 2 > asked.length
  return isEnough && best.hits > (second?.hits ?? 0) ? best.name : null
}

/** "visiting" fits "Visit": the beginnings count. */
function hitsIn(asked: string[], description: string): number {
  const own = wordsOf(description.replaceAll(/<[^>]*>/g, ' '))
  const isSame = (word: string, other: string) =>
    word === other ||
    (word.length >= ALIKE &&
      other.length >= ALIKE &&
      word.slice(0, ALIKE + 1) === other.slice(0, ALIKE + 1))
  return asked.filter((word) => own.some((other) => isSame(word, other))).length
}
