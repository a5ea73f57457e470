// The options of a combobox's list: which one is chosen, and moving between them while the focus stays in the field (WAI-ARIA).

export class Options {
  #field
  #list
  chosen = null

  constructor(field, list) {
    this.#field = field
    this.#list = list
  }

  get all() {
    return [...this.#list.querySelectorAll("[role=option]:not([aria-disabled])")]
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false")
    this.chosen = option ?? null
    this.chosen?.setAttribute("aria-selected", "true")
    if (this.chosen) this.#field.setAttribute("aria-activedescendant", this.chosen.id)
    else this.#field.removeAttribute("aria-activedescendant")
    this.chosen?.scrollIntoView({ block: "nearest" })
  }

  // To the next one (1) or the one before (-1), round and round.
  move(by) {
    const { all } = this
    const at = all.indexOf(this.chosen)
    if (all.length) this.choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length])
  }

  // Says to assistive technology whether there is anything to choose from.
  count() {
    const { length } = this.all
    this.#field.setAttribute("aria-expanded", String(length > 0))
    return length
  }
}
