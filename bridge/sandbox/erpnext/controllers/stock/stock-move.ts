/** One change of the quantity of an item in a warehouse. */
export interface StockMove {
  itemCode: string
  warehouse: string
  quantity: number
  /** Cost of one unit of stock that comes in; null takes the going valuation. */
  incomingRate: number | null
  /** Name of the row it comes from. */
  detail: string
  /** A count: the quantity that is there after it, whatever was there before. */
  counted?: { quantity: number; rate: number }
}

/** A batch of stock that came in at one cost, oldest first. */
export type StockQueue = [quantity: number, rate: number][]
