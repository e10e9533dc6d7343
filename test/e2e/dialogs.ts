import type { ElectronApplication } from 'playwright/test';

export interface AskedQuestion {
  message: string;
  detail: string;
  buttons: string[];
}

/**
 * From now on answers every message box with the button of the given label, or dismisses it when it has no such
 * button. Works in Electron and in the stand-in alike.
 */
export async function answerDialogs(app: ElectronApplication, label: string): Promise<void> {
  await app.evaluate(({ dialog }, wanted) => {
    const asked: object[] = [];
    Object.assign(globalThis, { askedInTest: asked });
    const showMessageBox = (...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> => {
      const options = args.at(-1) as { buttons: string[]; cancelId?: number };
      asked.push(options);
      const index = options.buttons.findIndex((button) => button.startsWith(wanted));
      return Promise.resolve({
        response: index < 0 ? (options.cancelId ?? 0) : index,
        checkboxChecked: false,
      });
    };
    dialog.showMessageBox = showMessageBox as typeof dialog.showMessageBox;
  }, label);
}

/** The message boxes since {@link answerDialogs}. */
export const askedQuestions = (app: ElectronApplication): Promise<AskedQuestion[]> =>
  app.evaluate(() => (globalThis as unknown as { askedInTest: AskedQuestion[] }).askedInTest);
