import type { SiteContext } from '../../site/contract.ts'
import { seedBuying, seedOpeningStock } from './buying.ts'
import { seedCompany } from './company.ts'
import { seedEveryday } from './everyday.ts'
import { seedGround } from './ground.ts'
import { seedMasters } from './masters.ts'
import { seedPeople, seedRoles } from './people.ts'
import { choicesFrom } from './random.ts'
import { seedReports } from './reports.ts'
import { seedSelling } from './selling.ts'

/** Fills an empty site with a small trading company and its last fourteen months. */
export function seedSite(site: SiteContext): void {
  const choices = choicesFrom(20_260_101)
  seedRoles(site)
  seedGround(site)
  seedCompany(site)
  seedMasters(site, choices)
  seedPeople(site)
  seedOpeningStock(site, choices)
  seedSelling(site, choices)
  seedBuying(site, choices)
  seedEveryday(site)
  seedReports(site)
}

export { SAMPLE_USERS } from './users.ts'
