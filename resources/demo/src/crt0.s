@ The cartridge's first bytes and the start code: header, stacks, copying of initialised data, then main.

    .section .header, "ax"
    .arm
    .global _start
_start:
    b       start
    .space  0xBC                    @ the rest of the header; the build script fills it in

    .text
    .arm
start:
    mov     r0, #0x12               @ IRQ mode
    msr     cpsr_c, r0
    ldr     sp, =__stack_irq
    mov     r0, #0x1F               @ system mode
    msr     cpsr_c, r0
    ldr     sp, =__stack_top

    ldr     r0, =__data_load        @ initialised data: cartridge to IWRAM
    ldr     r1, =__data_start
    ldr     r2, =__data_end
copy:
    cmp     r1, r2
    ldrlo   r3, [r0], #4
    strlo   r3, [r1], #4
    blo     copy

    ldr     r1, =__bss_start        @ the rest of IWRAM below the stack
    ldr     r2, =__bss_end
    bl      clear
    ldr     r1, =__ewram_start
    ldr     r2, =__ewram_end
    bl      clear

    ldr     r0, =main
    mov     lr, pc
    bx      r0
halt:
    b       halt

clear:
    mov     r3, #0
clear_word:
    cmp     r1, r2
    strlo   r3, [r1], #4
    blo     clear_word
    bx      lr

@ Called by the BIOS in IRQ mode: acknowledge what happened, to the hardware and to the BIOS's own wait.
    .global interrupt
interrupt:
    mov     r0, #0x04000000
    add     r1, r0, #0x200
    ldrh    r2, [r1, #2]            @ IF
    strh    r2, [r1, #2]
    ldrh    r3, [r0, #-8]           @ the BIOS's copy at 03FFFFF8h, a mirror of 03007FF8h
    orr     r3, r3, r2
    strh    r3, [r0, #-8]
    bx      lr
