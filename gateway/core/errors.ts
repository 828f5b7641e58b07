export type GatewayErrorCode =
  | 'GW_PORT_MISSING'
  | 'GW_PORT_FORBIDDEN'
  | 'GW_PORT_BUSY'
  | 'GW_PORT_FAILED'
  | 'GW_PORT_NOT_RAW'
  | 'GW_LINK_LOST'
  | 'GW_WRITE_REFUSED'
  | 'GW_WRITE_STALLED'
  | 'GW_OUTBOX_LOCKED'
  | 'GW_OUTBOX_MISSING'
  | 'GW_OUTBOX_UNFIT'
  | 'GW_OUTBOX_UNSAFE'
  | 'GW_OUTBOX_READONLY'
  | 'GW_OUTBOX_FULL'
  | 'GW_OUTBOX_MIXED_LANES'
  | 'GW_OUTBOX_CLOSED'
  | 'GW_NOT_PAIRED'
  | 'GW_PAIRING_REFUSED'
  | 'GW_UPLINK_UNREACHABLE'
  | 'GW_SERVER_UNPROVEN'
  | 'GW_UPLINK_BUSY'
  | 'GW_UPLINK_BATCH_REFUSED'
  | 'GW_UPLINK_HUB_REFUSED'
  | 'GW_UPLINK_BAD_REPLY'
  | 'GW_CERTIFICATE_FAILED'
  | 'GW_CONFIG_INVALID'

export interface GatewayErrorOptions {
  readonly cause?: unknown
  /** How long the other side asked us to wait, ms. */
  readonly retryAfterMs?: number
}

/** Every error the gateway throws on purpose. Programs branch on `code`; the message is for people. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode
  readonly retryAfterMs: number | null
  /** Of the exchange with the server that it ended: the server's log has it, too, if the request came through. */
  trace: string | null = null

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'GatewayError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? null
  }

  /** Whether the same attempt may succeed later without anybody's help. */
  get retryable(): boolean {
    switch (this.code) {
      case 'GW_PORT_MISSING':
      case 'GW_PORT_FORBIDDEN':
      case 'GW_PORT_BUSY':
      case 'GW_PORT_FAILED':
      case 'GW_PORT_NOT_RAW':
      case 'GW_LINK_LOST':
      case 'GW_WRITE_STALLED':
      case 'GW_OUTBOX_FULL':
      case 'GW_NOT_PAIRED':
      case 'GW_UPLINK_UNREACHABLE':
      case 'GW_SERVER_UNPROVEN':
      case 'GW_UPLINK_BUSY':
      case 'GW_UPLINK_HUB_REFUSED':
      case 'GW_UPLINK_BAD_REPLY':
        return true
      case 'GW_WRITE_REFUSED':
      case 'GW_OUTBOX_LOCKED':
      case 'GW_OUTBOX_MISSING':
      case 'GW_OUTBOX_UNFIT':
      case 'GW_OUTBOX_UNSAFE':
      case 'GW_OUTBOX_READONLY':
      case 'GW_OUTBOX_MIXED_LANES':
      case 'GW_OUTBOX_CLOSED':
      case 'GW_PAIRING_REFUSED':
      case 'GW_UPLINK_BATCH_REFUSED':
      case 'GW_CERTIFICATE_FAILED':
      case 'GW_CONFIG_INVALID':
        return false
    }
  }
}

export const gatewayErrorCode = (error: unknown): GatewayErrorCode | null =>
  error instanceof GatewayError ? error.code : null

/** For logs and status pages: the message alone, never a stack. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const traceOfError = (error: unknown): string | null => (error instanceof GatewayError ? error.trace : null)
