// A graphics device can go away in the middle of training: its driver was updated, crashed or took too long. What was
// on it is gone; a new process goes on from the newest checkpoint.

/** Ends the process's training; `message` says what the driver said. */
export class DeviceLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DeviceLostError';
  }
}
