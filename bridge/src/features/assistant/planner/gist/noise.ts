import { wordsOf } from '../../routing/index.ts'
import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { Gist } from './gist.ts'

/** What a card would have to hold and a plain sentence cannot say: never passed over in silence. */
const WEIGHTY = new Set(
  (
    'twice wholesale retailer currency euro euros dollar dollars pound pounds yen franc address shipping freight express insurance warranty ' +
    'guarantee monthly weekly yearly daily quarterly recurring subscription instalment instalments installment advance deposit prepaid ' +
    'prepayment partial partially remaining rest balance free gift sample samples complimentary gratis deduct minus surcharge fee fees ' +
    'commission project department branch serial batch colour color red blue green black white size split separately separate combined ' +
    'merge replace instead backdated retroactively provisional conditional approval pending hold proforma pro-forma consignment dropship ' +
    'cheapest best usual previous similar identical same copy duplicate again others several various multiple few many some none nobody ' +
    'nothing anything everything neither less fewer doubled doubling triple halve average exempt refund'
  ).split(' '),
)

const PLACES = ['Territory', 'Customer Group', 'Payment Terms Template']
const LOOSE_AT_MOST = 6

/**
 * Small words that nobody is called by tell a story around a request and are passed over; a word that
 * a party, an item or a place has in its name stays. Null where one of them weighs too much for that.
 */
export async function withoutNoise(gist: Gist, planner: PlannerTurn): Promise<Gist | null> {
  const loose = gist.names.filter((name) => !/[\p{Lu}\d]/u.test(name))
  if (loose.length === 0) return gist
  const words = loose.flatMap((run) => run.split(/\s+/))
  // Submitting or cancelling has nothing to it that a word could add.
  const isWeighed = planner.turn.route.class !== 'submit'
  const isHeavy = isWeighed && words.some((word) => WEIGHTY.has(word))
  if (loose.length > LOOSE_AT_MOST || isHeavy) return null
  const names: string[] = []
  for (const name of gist.names) {
    if (!loose.includes(name) || (await isKnown(name, planner))) names.push(name)
  }
  return { ...gist, names }
}

async function isKnown(name: string, planner: PlannerTurn): Promise<boolean> {
  const isChange = planner.turn.route.class === 'update'
  const kinds = ['Customer', 'Supplier', 'Item', ...(isChange ? PLACES : [])]
  for (const doctype of kinds) {
    if (PLACES.includes(doctype) || planner.vocabulary.has(doctype)) {
      const result = await resolveName(planner.site, doctype, name)
      const found =
        result.status === 'found'
          ? [result.match]
          : result.status === 'unsure'
            ? result.candidates
            : []
      if (found.some((match) => holdsWords(name, `${match.title} ${match.name}`))) return true
    }
  }
  return false
}

/** Whole words: "book" is not in "Bookshop". */
function holdsWords(asked: string, title: string): boolean {
  const own = wordsOf(title)
  return wordsOf(asked).every((word) => own.includes(word))
}
