import { computed, ref } from 'vue'
import type { Ref } from 'vue'
import { isNumberType } from '../../../../components/field-format.ts'
import type { AnswerTable } from '../../../../bridge/protocol.ts'

export interface SortOrder {
  key: string
  descending: boolean
}

/** Rows in the order a person chose by a column's header; the answer's own order until then. */
export function useSortedRows(table: Ref<AnswerTable>) {
  const order = ref<SortOrder | null>(null)
  const rows = computed(() => {
    const chosen = order.value
    if (!chosen) return table.value.rows
    const numeric = isNumberType(
      table.value.columns.find(({ key }) => key === chosen.key)?.fieldtype ?? 'Data',
    )
    const sign = chosen.descending ? -1 : 1
    return table.value.rows.toSorted(
      (a, b) => sign * compare(a[chosen.key], b[chosen.key], numeric),
    )
  })

  /** Up, down, then back to the answer's own order. */
  function toggle(key: string): void {
    if (order.value?.key !== key) order.value = { key, descending: false }
    else order.value = order.value.descending ? null : { key, descending: true }
  }

  return { rows, order, toggle }
}

function compare(a: unknown, b: unknown, numeric: boolean): number {
  if (a === null || a === undefined || a === '') return b === null || b === undefined ? 0 : 1
  if (b === null || b === undefined || b === '') return -1
  if (numeric) return Number(a) - Number(b)
  return String(a).localeCompare(String(b), undefined, { numeric: true })
}
