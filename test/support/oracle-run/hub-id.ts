import { HubId } from '#domain/ids.ts'

export const hubIdOf = (index: number): HubId => HubId.parse(`hub-${index + 1}`)
