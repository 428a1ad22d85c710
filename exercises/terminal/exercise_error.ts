/**
 * A failure that an exercise explains itself: the message is the sentence for
 * the person, with the next step.
 */
export class ExerciseError extends Error {
  override name = "ExerciseError";
}
