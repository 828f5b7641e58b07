import type { AlarmAdvice } from './alarm-advice.ts'
import type { pumpAlarmCodes } from './codes.ts'

// The wording is this project's own.

/** Releasing pressure can push a small bolus (vocabulary.md 4). */
const touchNothing = ['Touch nothing: no clamp, no tubing, no pump key. Call the team first.']

export const pumpAdvice: Readonly<Record<(typeof pumpAlarmCodes)[number], AlarmAdvice>> = {
  'occlusion-downstream': {
    meaning: 'The pressure between the pump and the patient is too high.',
    firstChecks: [
      'Is the clamp open?',
      'Is the tubing kinked, or is somebody lying on it?',
      'Is the arm straight?',
      'Any pain or swelling at the site? Then leave it and call.',
    ],
    criticalFirstChecks: touchNothing,
  },
  'occlusion-upstream': {
    meaning: 'The pump cannot draw from the bag.',
    firstChecks: [
      'Is the clamp at the bag open?',
      'Is there a kink above the pump?',
      'Is the bag spike all the way in?',
    ],
    criticalFirstChecks: touchNothing,
  },
  'occlusion-unspecified': {
    meaning: 'The line is blocked, and this pump cannot tell on which side.',
    firstChecks: [
      'Look from the bag to the skin: is every clamp open?',
      'Is there a kink anywhere?',
      'Any pain or swelling at the site? Then leave it and call.',
    ],
    criticalFirstChecks: touchNothing,
  },
  'air-in-line': {
    meaning: 'There is a bubble or gathered air in the tubing.',
    firstChecks: ['Close the clamp.', 'Do not restart the pump.', 'Call the team.'],
  },
  'free-flow': {
    meaning: 'Fluid may be running into the patient without the pump holding it back.',
    firstChecks: ['Close the clamp nearest your body now.', 'Then call the team.'],
  },
  'reservoir-empty': {
    meaning: 'The bag or cassette is empty and nothing flows.',
    firstChecks: ['Do not change the bag unless you were trained to.', 'Call the team.'],
  },
  'reservoir-low': {
    meaning: 'The bag or cassette is nearly empty.',
    firstChecks: ['Is the next bag ready?', 'Nothing is urgent.'],
  },
  'infusion-near-complete': {
    meaning: 'The planned end is close.',
    firstChecks: ['Nothing to do yet.'],
  },
  'infusion-complete': {
    meaning: 'The program is delivered and no keep-open flow runs.',
    firstChecks: ['Follow your end-of-infusion steps.'],
  },
  'kvo-active': {
    meaning: 'The main volume is delivered; only the keep-vein-open (KVO) flow runs.',
    firstChecks: ['Follow your end-of-infusion steps.'],
  },
  'kvo-ended': {
    meaning: 'The keep-vein-open (KVO) flow is over and the line may clot.',
    firstChecks: ['Call the team.'],
  },
  'cassette-detached': {
    meaning: 'The cassette, door or handle is open or off.',
    firstChecks: ['Close the clamp.', 'Call the team before latching it again.'],
  },
  'set-not-seated': {
    meaning: 'The tubing set or syringe does not sit right in the pump.',
    firstChecks: ['Close the clamp.', 'Call the team before seating it again.'],
  },
  'battery-low': {
    meaning: 'The battery is low, with enough left to act.',
    firstChecks: ['Can you plug the pump in?', 'Or are new batteries ready?'],
  },
  'battery-depleted': {
    meaning: 'The pump stops now or has stopped for lack of power; it may fall silent.',
    firstChecks: ['Plug the pump in, or change the batteries as you were trained.'],
  },
  'battery-fault': {
    meaning: 'The battery is defective or does not charge.',
    firstChecks: ['Plug the pump in and keep it plugged in.'],
  },
  'battery-replace': {
    meaning: 'The battery is due for exchange.',
    firstChecks: ['Order a replacement.'],
  },
  'mains-lost': {
    meaning: 'The pump runs on battery although it should be plugged in.',
    firstChecks: ['Is the plug in the socket?', 'Does the socket work?', 'Is the light on the adapter on?'],
  },
  'drive-fault': {
    meaning: 'The motor or drive does not move as told.',
    firstChecks: ['Do not restart the pump.', 'Call the team.'],
  },
  'pump-malfunction': {
    meaning: 'The pump reports an internal error.',
    firstChecks: ['Can you read the code on the screen aloud?', 'Do not restart the pump.'],
  },
  'sensor-fault': {
    meaning: 'A detector of the pump failed, so the absence of its alarm proves nothing.',
    firstChecks: ['Call the team.'],
  },
  temperature: {
    meaning: 'The pump is too hot or too cold.',
    firstChecks: ['Is the pump under a blanket, in the sun or in the cold? Then move it.'],
  },
  'paused-too-long': {
    meaning: 'The pump is paused, on hold or untouched beyond its limit.',
    firstChecks: ['Did you pause it?', 'Call the team before restarting.'],
  },
  'dose-limit-reached': {
    meaning: 'The patient asks for more than the limit allows.',
    firstChecks: ['Do not force it.', 'Is there pain? Tell the nurse.'],
  },
  'host-timeout': {
    meaning: 'The pump itself says that it lost its connection to the hub.',
    firstChecks: ['Is the cable in, or the radio near the pump?'],
  },
  'maintenance-due': {
    meaning: 'A service date or a self-check is due.',
    firstChecks: ['Nothing to do.'],
  },
  'keypad-fault': {
    meaning: 'A key is stuck or the key lock has a problem.',
    firstChecks: ['Is something pressing on the keys, a pouch or a pillow?'],
  },
  'device-text': {
    meaning: 'The pump sent an alarm of its own that is not in the catalogue; its text is shown as sent.',
    firstChecks: ["Can you read the pump's screen aloud?"],
  },
}
