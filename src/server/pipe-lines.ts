/** The lines that come through a pipe, until its other end is closed. A line that is too long ends it. */
import { readPipe } from '../engine/pipe.ts';

const LINE_CHARS_MAX = 1024 * 1024;

/** Takes over the descriptor. Never rejects: a pipe that can not be read has ended. */
export async function* pipeLines(fd: number): AsyncGenerator<string> {
	const source = readPipe(fd);
	let text = '';
	try {
		for await (const bytes of source) {
			text += bytes.toString('utf8');
			const lines = text.split('\n');
			text = lines.pop() ?? '';
			yield* lines;
			if (text.length > LINE_CHARS_MAX) return;
		}
	} catch {
		// Its end, then.
	} finally {
		source.destroy();
	}
}
