import { randomUUID } from "node:crypto";

/** Gets what is published. */
export type TopicListener = (topic: string, message: string) => void;

/** Messages that are kept of all topics; the oldest go. */
const most = 10_000;

/** Topics of the embedded backend: every topic of its account is there as soon as it is named. */
export class Topics {
  private readonly listeners: TopicListener[] = [];
  private kept: { readonly topic: string; readonly message: string }[] = [];

  /** Gives a message to all that listen; returns its id. */
  publish(topic: string, message: string): string {
    this.kept.push({ topic, message });
    if (this.kept.length > most) this.kept = this.kept.slice(-most / 2);
    for (const listener of this.listeners) listener(topic, message);
    return randomUUID();
  }

  listen(listener: TopicListener): void {
    this.listeners.push(listener);
  }

  /** What was published to a topic since the backend started, as far as it is kept. */
  published(topic: string): readonly string[] {
    return this.kept.filter((item) => item.topic === topic).map(({ message }) => message);
  }
}
