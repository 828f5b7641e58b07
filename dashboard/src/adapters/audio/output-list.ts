import type { SoundOutputs } from '#dashboard/core/audio-port.ts'

// What a browser tells of loudspeakers. Chromium names them only to a page that may use the microphone; no sound is taken from it, and it
// is let go at once.

const listed = async (): Promise<SoundOutputs> => {
  const devices = await navigator.mediaDevices.enumerateDevices()
  const outputs = devices.filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== 'default')
  if (outputs.some(({ label }) => label === '')) return 'unnamed'
  return outputs.map(({ deviceId, label }) => ({ id: deviceId, name: label }))
}

export const outputList = async (ask: boolean): Promise<SoundOutputs> => {
  if (!('setSinkId' in AudioContext.prototype) || !('mediaDevices' in navigator)) return 'unsupported'
  if (ask)
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      for (const track of stream.getTracks()) track.stop()
    } catch {
      // Not agreed, or there is no microphone: then they stay without names.
    }
  return listed()
}
