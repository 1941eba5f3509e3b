/** Firmware strings of hypervisors and clouds: where they are, the machine is virtual. */
const FIRMWARE: [RegExp, string][] = [
  [/Amazon EC2/, 'Amazon EC2'],
  [/Google Compute Engine/, 'Google Compute Engine'],
  [/VMware/, 'VMware'],
  [/VirtualBox|innotek/, 'VirtualBox'],
  [/Microsoft Corporation Virtual Machine/, 'Hyper-V'],
  [/Parallels/, 'Parallels'],
  [/QEMU|KVM|RHEV|OpenStack/, 'KVM'],
  [/Xen/, 'Xen'],
];

/** @param text vendor and product name of the machine, as its firmware tells them */
export function hypervisorOfFirmware(text: string): string | null {
  return FIRMWARE.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
