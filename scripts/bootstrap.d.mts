interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly optional?: boolean
}

interface PackageLock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export declare const root: string
export declare class NotReady extends Error {}
export declare const pinnedVersion: () => string
export declare const pinnedNode: () => string | null
export declare const staleInstall: (wanted: PackageLock, installed: PackageLock | null) => string | null
export declare const ensureReady: (needs?: { dashboard?: boolean; tests?: boolean }) => Promise<string>
export declare const runScript: (main: () => Promise<number>) => Promise<void>
