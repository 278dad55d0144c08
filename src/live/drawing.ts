/** Draws at once, and not again before some time has passed. */
export class Drawing {
  private last = 0;
  private timer?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly every: number,
    /** Whether what is drawn may be passed over, so that it is drawn once more. */
    private readonly isTwice: boolean,
    private readonly draw: () => void
  ) {}

  request() {
    if (this.timer !== undefined) {
      return;
    }
    const wait = this.last + this.every - Date.now();
    if (wait <= 0) {
      this.now();
      if (this.isTwice) {
        this.timer = setTimeout(() => this.now(), this.every);
      }
    } else {
      this.timer = setTimeout(() => this.now(), wait);
    }
  }

  stop() {
    clearTimeout(this.timer);
  }

  private now() {
    this.timer = undefined;
    this.last = Date.now();
    this.draw();
  }
}
