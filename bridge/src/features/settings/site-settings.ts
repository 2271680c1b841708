import type { SiteSession } from '../../platform/frappe/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { canonicalHash } from '../../shared/canonical-json.ts'
import type { Clock } from '../../shared/clock.ts'
import { STEWARD_METHODS, type SiteSettings } from '../../shared/site-protocol.ts'

export interface SiteSettingsPorts {
  /** The service user; null when none is configured. */
  asService: (siteId: string) => Promise<SiteSession | null>
  clock: Clock
  /** Told settings that are not those of before; false: tell them again. */
  onChange: (siteId: string, settings: SiteSettings) => Promise<boolean>
  logger: Logger
}

const FRESH_MS = 30_000
/** While the site is away, settings read before hold this long between tries. */
const RETRY_MS = 5_000

/**
 * Steward Settings with providers and plans, as people edit them in ERPNext. Read as the service
 * user, kept for half a minute; while the site is away the last ones read go on to hold.
 */
export class SiteSettingsReader {
  readonly #ports: SiteSettingsPorts
  #settings: SiteSettings | null = null
  #until = 0
  #told = ''
  #reading: Promise<SiteSettings | null> | null = null

  constructor(ports: SiteSettingsPorts) {
    this.#ports = ports
  }

  /** Null when no service user is configured, or the site never answered yet. */
  async read(siteId: string): Promise<SiteSettings | null> {
    if (this.#ports.clock.monotonic() < this.#until) return this.#settings
    this.#reading ??= this.#fetch(siteId).finally(() => {
      this.#reading = null
    })
    return this.#settings ?? this.#reading
  }

  /** Makes the next read ask the site: settings were just changed. */
  forget(): void {
    this.#until = 0
    this.#settings = null
  }

  async #fetch(siteId: string): Promise<SiteSettings | null> {
    const now = () => this.#ports.clock.monotonic()
    try {
      const service = await this.#ports.asService(siteId)
      if (service)
        this.#settings = await service.call<SiteSettings>(
          STEWARD_METHODS.settings,
          {},
          { timeoutMs: 5_000 },
        )
      this.#until = now() + FRESH_MS
      await this.#tell(siteId)
    } catch (error) {
      this.#ports.logger.warn(
        { err: error },
        'Steward Settings could not be read; the last ones hold',
      )
      this.#until = now() + RETRY_MS
    }
    return this.#settings
  }

  async #tell(siteId: string): Promise<void> {
    const hash = canonicalHash(this.#settings)
    if (!this.#settings || hash === this.#told) return
    try {
      if (await this.#ports.onChange(siteId, this.#settings)) this.#told = hash
    } catch (error) {
      this.#ports.logger.warn({ err: error }, 'changed settings could not be entered in the audit')
    }
  }
}
