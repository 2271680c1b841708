import { expect, it } from 'vitest'
import { instantIn, siteTimeIn } from './zoned-time.ts'

const [NEW_YORK, KOLKATA] = ['America/New_York', 'Asia/Kolkata']

it("shows a site's datetime in the zone of the person, in summer and in winter", () => {
  const winter = siteTimeIn('2026-01-31 22:15:00.120031', NEW_YORK, KOLKATA)
  expect(winter).toEqual({ date: '2026-02-01', time: '08:45:00' })
  const summer = siteTimeIn('2026-07-31 22:15:00', NEW_YORK, KOLKATA)
  expect(summer).toEqual({ date: '2026-08-01', time: '07:45:00' })
})

it('reads times about a change of the hour right', () => {
  const at = (time: string) => siteTimeIn(`2026-03-08 ${time}`, NEW_YORK, 'UTC')?.time
  expect([at('01:59:00'), at('03:00:00')]).toEqual(['06:59:00', '07:00:00'])
  expect(siteTimeIn('2026-11-01 03:00:00', NEW_YORK, 'UTC')?.time).toBe('08:00:00')
})

it('leaves a datetime as it stands where both zones are one, or none is known', () => {
  const as = { date: '2026-03-08', time: '02:30:00' }
  expect(siteTimeIn('2026-03-08 02:30', NEW_YORK, NEW_YORK)).toEqual(as)
  expect(siteTimeIn('2026-03-08 02:30', undefined, undefined)).toEqual(as)
})

it('shows a moment in the zone of the person; what is no time is none', () => {
  const moment = instantIn('2026-03-09T23:00:00.000Z', KOLKATA)
  expect(moment).toEqual({ date: '2026-03-10', time: '04:30:00' })
  expect(instantIn('soon', KOLKATA)).toBeNull()
  expect(siteTimeIn('2026-03-09T23:00:00.000Z', NEW_YORK, KOLKATA)).toBeNull()
})
