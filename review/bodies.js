// Chips of bodies. The browser alone holds the chips and what is offered: on a slow link the server's copy is older than
// what the reviewer has just chosen, so it sends names and offers, and chips only where it sets them itself.
export default {
  props: ["modelValue"],
  emits: ["update:model-value", "input-value"],
  template: `
    <q-select
      ref="qRef"
      :model-value="chips"
      :options="offers"
      @update:model-value="take"
      @input-value="ask"
      @focusout="leave"
    />
  `,
  data() {
    return { chips: this.modelValue ?? [], offers: [], typed: "" };
  },
  watch: {
    modelValue(chips) {
      this.chips = chips ?? [];
    },
  },
  methods: {
    take(chips) {
      const isChosen = this.offers.some((offer) => chips?.includes(offer) && !this.chips.includes(offer));
      this.chips = chips ?? [];
      this.$emit("update:model-value", this.chips);
      // What was typed has been used: another Enter would take what it brought away again.
      if (isChosen) this.$refs.qRef.updateInputValue("", true, true);
    },
    ask(typed) {
      this.typed = typed;
      awaitOffer(this.$attrs.id, Boolean(typed));
      if (typed) this.$emit("input-value", typed);
      else this.show([]);
    },
    // An answer to what was typed before comes too late to be shown.
    offer(typed, offers) {
      if (typed === this.typed) this.show(offers);
    },
    show(offers) {
      this.offers = offers;
      const id = this.$attrs.id.slice(1), field = this.$refs.qRef;
      this.$nextTick(() => {
        keepChosen(id, offers);
        if (!offers.length) field.hidePopup();
        else if (awaitsCompletion(id)) field.showPopup();
        // Only now: an arrow pressed before goes to what has just come.
        awaitOffer(this.$attrs.id, false);
      });
    },
    rename(names) {
      this.chips = [...new Set(this.chips.map((chip) => names[chip] ?? chip))];
    },
    // Choosing asks for the focus, which is given only once the list has opened: not to a field that was left meanwhile.
    leave() {
      this.$refs.qRef.blur();
    },
  },
};
