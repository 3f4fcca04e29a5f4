import fs from 'node:fs';
import { type EdgeReport, REPORT_DESCRIPTOR, reportLine } from '../contract/edge-report.ts';

/** Tells httpfn something, at once. Never throws: an httpfn that is gone needs no news. */
export type Report = (report: EdgeReport) => void;

export const NO_REPORT: Report = () => {};

/** Call it only where httpfn has said that it gave the descriptor: else it may be one of the engine's own. */
export function openReport(): Report {
	const fd = ownDescriptor();
	return (report) => {
		try {
			fs.writeSync(fd, reportLine(report));
		} catch {
			// Nobody reads it any more.
		}
	};
}

/** Opened anew it is not inherited by what the function starts, so that its end is the end of this process. */
function ownDescriptor(): number {
	try {
		const fd = fs.openSync(`/dev/fd/${REPORT_DESCRIPTOR}`, 'w');
		fs.closeSync(REPORT_DESCRIPTOR);
		return fd;
	} catch {
		return REPORT_DESCRIPTOR;
	}
}
