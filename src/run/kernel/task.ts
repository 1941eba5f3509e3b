// A piece of preprocessing that is measured by itself: a kernel on an input of a usual size, or what a model does to one.

export interface Task {
  name: string;
  /** Input and what is done to it, in words. */
  words: string;
  inputBytes: number;
  /** Items of one run: images, recordings, texts; 1 where there is but one array of numbers. */
  items: number;
  run(): void;
}

export interface TaskChoice {
  /** 0: all cores. */
  threads: number;
}

/** By name; opening one makes its input. */
export type Tasks = Record<string, (choice: TaskChoice) => Promise<Task> | Task>;
