import type { MeasureSheet } from './measure-sheet.ts';
import { NotServed } from './not-served.ts';

/** Notes as not measured what can not be served here. Whatever else fails ends the run: no figure is told of a broken server. */
export async function skipUnserved(
	sheet: MeasureSheet,
	id: string,
	work: () => Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof NotServed)) throw error;
		sheet.skip(id, error.message);
	}
}
