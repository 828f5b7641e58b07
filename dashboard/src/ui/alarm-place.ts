import type { AlarmView } from '#domain/live/views.ts'
import type { AppState } from './state/app-state.ts'
import type { ChannelModel } from './state/pump-model.ts'

/** Where the alarm is, in the words people use: bed label, else pump id, and its channel if the pump has several; hub; site. */
export const whereOf = (app: AppState, alarm: Pick<AlarmView, 'pumpId' | 'hubId' | 'channelId'>): string => {
  if (alarm.pumpId !== null) {
    const pump = app.live.pump(alarm.pumpId)
    const label = pump?.label ?? alarm.pumpId
    if (alarm.channelId === null || (pump?.channels.length ?? 1) === 1) return label
    return `${label}, ${app.words.channel(alarm.channelId).toLowerCase()}`
  }
  if (alarm.hubId !== null) return app.words.wall.hub(app.live.hubs.value.get(alarm.hubId)?.name ?? alarm.hubId)
  return app.words.wall.site
}

/** The channel whose figures belong beside the alarm. Null: the pump has several, and the alarm is of the pump as a whole. */
export const channelOf = (app: AppState, alarm: Pick<AlarmView, 'pumpId' | 'channelId'>): ChannelModel | null => {
  const pump = app.live.pump(alarm.pumpId)
  if (pump === null || pump.channels.length === 1) return pump
  return pump.channels.find((channel) => channel.sample.value?.channelId === alarm.channelId) ?? null
}
