/*
 * All that code at CPL 3 can ask and that might differ from run to run.  It prints what it finds, and answers as the
 * numbers come: not one of them may differ.  Follows the solution of lab 1, whose function is called solve() then.
 */

#define STACK_LOW  0x7fef0000ul
#define STACK_HIGH 0x7ff00000ul
#define AREA_WORDS 1024

static uint64_t bss[4096];
static uint64_t area[AREA_WORDS] __attribute__((aligned(64)));
static uint64_t sum;

static void
add(uint64_t value)
{
	sum = (sum ^ value) * 0x100000001b3;
}

static void
show(const char *name)
{
	lab_printf("%s %lx\n", name, sum);
}

static void
add_memory(const uint64_t *from, const uint64_t *to)
{
	while (from < to)
		add(*from++);
}

/* Addresses of the kernel's tables, of its page tables and of the VMCS; control registers. */
static void
add_system_registers(void)
{
	uint64_t value, table[2] = { 0 };

	__asm__ volatile("sgdt %0" : "+m"(table));
	add_memory(table, table + 2);
	__asm__ volatile("sidt %0" : "+m"(table));
	add_memory(table, table + 2);
	__asm__ volatile("xor %k0, %k0; sldt %w0" : "=&r"(value));
	add(value);
	__asm__ volatile("xor %k0, %k0; str %w0" : "=&r"(value));
	add(value);
	__asm__ volatile("smsw %0" : "=r"(value));
	add(value);
	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	add(value);
	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	add(value);
	__asm__ volatile("mov %%cr3, %0" : "=r"(value));
	add(value);
	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	add(value);
	__asm__ volatile("mov %%cr8, %0" : "=r"(value));
	add(value);
	add(vmptrst());
	__asm__ volatile("lsl %1, %0" : "=r"(value) : "r"(0x28ul));
	add(value);
	__asm__ volatile("mov %%fs, %k0" : "=r"(value));
	add(value);
}

static void
add_cpuid(uint32_t from, uint32_t to)
{
	for (uint32_t leaf = from; leaf <= to; leaf++)
		for (uint32_t subleaf = 0; subleaf < 8; subleaf++) {
			struct cpuid_result result = cpuid(leaf, subleaf);

			add((uint64_t)result.eax << 32 | result.ebx);
			add((uint64_t)result.ecx << 32 | result.edx);
		}
}

/* x87, SSE and AVX registers as they are found, with the addresses that the x87 unit remembers. */
static void
add_extended_state(void)
{
	uint32_t low, high;

	if (cpuid(1, 0).ecx >> 27 & 1) {
		__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
		add((uint64_t)high << 32 | low);
		__asm__ volatile("xsave64 %0" : "+m"(area) : "a"(-1), "d"(-1));
	} else {
		__asm__ volatile("fxsave64 %0" : "+m"(area));
	}
	add_memory(area, area + AREA_WORDS);
	__asm__ volatile("fnstenv %0" : "+m"(area));
	add_memory(area, area + 4);
}

#define FLAGS_AFTER(instructions) \
	({ \
		uint64_t flags_; \
		__asm__ volatile(instructions "; pushf; pop %0" \
		        : "=r"(flags_) \
		        : \
		        : "rax", "rcx", "rdx", "cc"); \
		flags_; \
	})

/* Flags and registers that an instruction leaves undefined (SDM 2). */
static void
add_undefined_results(void)
{
	uint64_t value = 0x1234;

	add(FLAGS_AFTER("xor %%ecx, %%ecx; bsf %%rcx, %%rax"));
	add(FLAGS_AFTER("mov $5, %%ecx; mov $0x91, %%eax; shl %%cl, %%eax"));
	add(FLAGS_AFTER("mov $9, %%ecx; mov $0x91, %%eax; rol %%cl, %%eax"));
	add(FLAGS_AFTER("mov $40, %%ecx; mov $0x9191, %%eax; shld %%cl, %%ax, %%ax"));
	add(FLAGS_AFTER("mov $7, %%ecx; mov $0x1234567, %%eax; mul %%ecx"));
	add(FLAGS_AFTER("mov $7, %%ecx; mov $0x1234567, %%eax; xor %%edx, %%edx; div %%ecx"));
	add(FLAGS_AFTER("mov $7, %%ecx; and $5, %%ecx"));
	__asm__ volatile("xor %%ecx, %%ecx; bsr %%rcx, %0" : "+r"(value) : : "rcx", "cc");
	add(value);
	__asm__ volatile("mov $0x12345678, %%eax; .byte 0x66, 0x0f, 0xc8" : "+a"(value));
	add(value);
}

/* Control fields and VM-exit information, what there is of them, and the MSRs that are open. */
static void
add_fields_and_msrs(void)
{
	for (uint64_t field = 0; field < 0x8000; field += 2)
		if ((field >> 10 & 3) < 2 && (field & 0x3ff) < 0x80)
			add(vmread(field));
	for (uint32_t msr = IA32_VMX_BASIC; msr <= IA32_VMX_BASIC + 9; msr++)
		add(rdmsr(msr));
}

enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t flags;

	sum = 0xcbf29ce484222325;
	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	add(flags);
	add_memory((const uint64_t *)STACK_LOW, (const uint64_t *)STACK_HIGH);
	add_memory(bss, bss + 4096);
	add_memory((const uint64_t *)guest, (const uint64_t *)guest + 512);
	show("memory");
	add_system_registers();
	show("system registers");
	add_cpuid(0, 0x20);
	add_cpuid(0x80000000, 0x80000008);
	show("cpuid");
	add_extended_state();
	show("extended state");
	add_undefined_results();
	show("undefined results");
	add_fields_and_msrs();
	show("fields and MSRs");
	return sum & 1 ? UNWRITTEN : sum & 2 ? REFUSE : solve(guest);
}
