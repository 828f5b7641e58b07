// W3C Trace Context: one number for one exchange, in the lines of both logs. It proves nothing and nobody decides by it (docs/adr/0047).

const shape = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/

/** `traceId` 32 and `spanId` 16 lower-case hexadecimal digits, neither all zero. */
export const traceparent = (traceId: string, spanId: string): string => `00-${traceId}-${spanId}-01`

/** The trace id of a `traceparent` header of any version; null: there is none, or it is not well formed. */
export const traceOf = (header: string | undefined): string | null => {
  const found = shape.exec(header ?? '')
  if (found === null || header === undefined) return null
  const [, traceId = '', spanId = ''] = found
  // Version 00 ends here; a later one may go on behind a dash.
  if (header.startsWith('00-') && header.length !== 55) return null
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? null : traceId
}
