import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  httpDuration: Histogram<'method' | 'route' | 'status'>
  siteCalls: Counter<'outcome'>
  siteDuration: Histogram<'kind'>
}

/** The process's own metrics registry; features add theirs to `registry`. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    httpDuration: new Histogram({
      name: 'steward_http_request_duration_seconds',
      help: 'Time from request to the end of the answer',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
    }),
    siteCalls: new Counter({
      name: 'steward_site_calls_total',
      help: 'Calls to ERPNext by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    siteDuration: new Histogram({
      name: 'steward_site_call_duration_seconds',
      help: 'Time of calls to ERPNext, waiting for a free place included',
      labelNames: ['kind'],
      registers: [registry],
    }),
  }
}
