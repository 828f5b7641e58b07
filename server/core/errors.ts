/** Every error the server throws on purpose. Nothing branches on a message; this code is what callers read. */
export type ServerErrorCode =
  /** A subject of the journal moved on since it was loaded: load it again and decide again. */
  | 'SRV_VERSION_CONFLICT'
  /** A record key of this transaction has been committed meanwhile by another delivery: look the batch up again. */
  | 'SRV_ALREADY_RECEIVED'
  /** The journal did not commit (disk full, I/O error, locked). Nothing of the transaction is stored. */
  | 'SRV_JOURNAL_UNAVAILABLE'
  /** The telemetry store did not answer in time or refused the whole write. Nothing is known to be stored. */
  | 'SRV_STORE_UNAVAILABLE'
  /** A database file cannot be used as it is: wrong engine version, not WAL, made by a newer release. */
  | 'SRV_DATABASE_UNUSABLE'
  /** Another server process uses the data folder. */
  | 'SRV_DATA_IN_USE'
  /** Too many batches of one hub and lane are waiting already. */
  | 'SRV_BUSY'
  /** Settings cannot be used; the message lists every problem. */
  | 'SRV_CONFIG'
  /** The address to listen on is taken or not allowed. */
  | 'SRV_LISTEN'
  /** The certificate or its key cannot be used. */
  | 'SRV_TLS'
  /** A backup is not whole, or cannot be put back. */
  | 'SRV_BACKUP'

const retryable: Record<ServerErrorCode, boolean> = {
  SRV_VERSION_CONFLICT: true,
  SRV_ALREADY_RECEIVED: true,
  SRV_JOURNAL_UNAVAILABLE: true,
  SRV_STORE_UNAVAILABLE: true,
  SRV_DATABASE_UNUSABLE: false,
  SRV_DATA_IN_USE: false,
  SRV_BUSY: true,
  SRV_CONFIG: false,
  SRV_LISTEN: false,
  SRV_TLS: false,
  SRV_BACKUP: false,
}

export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }

  /** The same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return retryable[this.code]
  }
}

export const isServerError = (error: unknown, code?: ServerErrorCode): error is ServerError =>
  error instanceof ServerError && (code === undefined || error.code === code)
