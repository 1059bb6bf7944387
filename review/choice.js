// A choice among names that are found by any of their words, typed with diacritics or without.
function folded(text) {
  return String(text).toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}

export default {
  props: ["options"],
  template: `<q-select ref="qRef" :options="shown" @filter="filter"><slot /></q-select>`,
  data() {
    return { shown: this.options };
  },
  watch: {
    options(options) {
      this.shown = options;
    },
  },
  methods: {
    filter(typed, update) {
      const words = folded(typed).split(/\s+/).filter(Boolean);
      const has = (option) => words.every((word) => folded(option.label).includes(word));
      update(() => { this.shown = this.options.filter(has); });
    },
  },
};
