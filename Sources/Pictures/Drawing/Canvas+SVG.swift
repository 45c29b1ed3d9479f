// The file.
extension Canvas {
  /// The picture as a file of SVG. It has the colours of both kinds of page, and the viewer chooses.
  var svg: String {
    let size = "width=\"\(Self.width.svg)\" height=\"\(height.svg)\""
    let box = "viewBox=\"0 0 \(Self.width.svg) \(height.svg)\""
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \(box) role="img" aria-labelledby="title desc">
      <!-- Made by Scripts/pictures from a run of the engine. Change Sources/Pictures, not this file. -->
      <title id="title">\(title.escaped)</title>
      <desc id="desc">\(description.escaped)</desc>
      <style>
      \(style)
      </style>
      <rect class="paper" \(size) rx="10"/>
      """
    return ([head] + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private var style: String {
    let fonts = styles.sorted { $0.name < $1.name }.map { style in
      let family = style.isMonospaced ? Self.monospaced : Self.proportional
      let weight = style.isBold ? "bold " : ""
      return ".\(style.name){font:\(weight)\(style.size.svg)px \(family)}"
    }
    let shapes = ".open{fill:none}rect,polyline,circle{stroke-width:1.5}.paper{stroke:none}"
    let light = rules(Tone.lightPage) { $0.light }.joined(separator: "\n")
    let dark = rules(Tone.darkPage) { $0.dark }.joined(separator: "\n")
    let media = "@media (prefers-color-scheme:dark){\n\(dark)\n}"
    return (fonts + [shapes, light, media]).joined(separator: "\n")
  }

  private static let proportional = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif"
  private static let monospaced =
    "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace"

  private func rules(
    _ page: (paper: String, ink: String, muted: String), _ colours: (Tone) -> Tone.Colours
  ) -> [String] {
    [".paper{fill:\(page.paper)}.ink{fill:\(page.ink)}.muted{fill:\(page.muted)}"]
      + tones.sorted { $0.rawValue < $1.rawValue }.map { tone in
        let (name, colour) = (tone.rawValue, colours(tone))
        return ".f-\(name){fill:\(colour.fill)}.s-\(name){stroke:\(colour.line)}"
          + ".h-\(name){fill:\(colour.line)}.t-\(name){fill:\(colour.text)}"
      }
  }
}
