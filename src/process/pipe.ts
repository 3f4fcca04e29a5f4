/** Both ends of a pipe, as descriptors. */
import { closeSync } from 'node:fs';

/** Whoever gets them closes them. The read end does not block, the write end does. */
export interface Pipe {
	readonly readFd: number;
	readonly writeFd: number;
}

/** Closes both ends; once only, for the numbers may be given to others. */
export function closePipe(pipe: Pipe): void {
	closeSync(pipe.readFd);
	closeSync(pipe.writeFd);
}
