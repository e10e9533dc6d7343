import { CallRecorder } from './call-recorder.ts';
import { type IgnoredFrames, Recording, type RecordingOptions } from './recording.ts';
import { SessionRecorder } from './session-recorder.ts';
import type { Tap } from './tap.ts';

export interface Recorder extends Tap {
  readonly ignored: Readonly<IgnoredFrames>;
}

/** Makes exchanges of what the routes let it see. */
export function createRecorder(options: RecordingOptions): Recorder {
  const recording = new Recording(options);
  return {
    ignored: recording.ignored,
    openSession: (session) => new SessionRecorder(session, recording),
    openCalls: (session) => new CallRecorder(session, recording),
  };
}
