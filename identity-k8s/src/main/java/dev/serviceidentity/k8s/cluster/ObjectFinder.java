// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds the objects of one document: itself, or the items of a list. */
final class ObjectFinder {
  private static final int MOST_OBJECTS = 200_000;
  private static final int DEEPEST_LIST = 2;
  private static final String LIST = "List";

  private final Path file;
  private final int firstLine;
  private final Findings findings;
  private final Consumer<ManifestObject> found;
  private final Consumer<String> lost;
  private int objects;

  /** What is found goes to {@code found}; a part that may be anything is told to {@code lost}. */
  ObjectFinder(
      YamlDocument document,
      Path file,
      Findings findings,
      Consumer<ManifestObject> found,
      Consumer<String> lost) {
    this.file = file;
    this.firstLine = document.firstLine();
    this.findings = findings;
    this.found = found;
    this.lost = lost;
  }

  void find(Node root) {
    if (!Shape.isNull(root)) {
      find(root, "", "", 0);
    }
  }

  private void find(Node node, String listVersion, String itemKind, int depth) {
    String version = textOr(Shape.child(node, "apiVersion"), listVersion);
    String kind = textOr(Shape.child(node, "kind"), itemKind);
    var object = new ManifestObject(version, kind, node, file, firstLine);
    objects++;
    if (!(node instanceof MappingNode)) {
      reject(object, depth > 0, "is no Kubernetes object");
    } else if (saysTwice(node, "kind") || saysTwice(node, "apiVersion")) {
      reject(object, true, "says twice what it is; keep one kind and one apiVersion");
    } else if (objects > MOST_OBJECTS || depth > DEEPEST_LIST) {
      reject(object, true, "has too many objects, or lists in lists; split it");
    } else if (kind.endsWith(LIST) && Shape.child(node, "items") != null) {
      findItems(object, depth);
    } else if (kind.isEmpty() && !PolicyKinds.isPolicy(object)) {
      reject(object, depth > 0, "has no kind, so no cluster would take it; it is not used");
    } else {
      found.accept(object);
    }
  }

  private void findItems(ManifestObject list, int depth) {
    if (!(Shape.child(list.node(), "items") instanceof SequenceNode items)) {
      reject(list, true, "is a list whose items are no list");
      return;
    }
    // Items of a typed list, as the API server itself gives them, do not repeat what they are.
    String itemKind = list.kind().substring(0, list.kind().length() - LIST.length());
    for (Node item : items.getValue()) {
      if (objects > MOST_OBJECTS) {
        return;
      }
      find(item, itemKind.isEmpty() ? "" : list.apiVersion(), itemKind, depth + 1);
    }
  }

  private void reject(ManifestObject object, boolean mayBeAnything, String message) {
    findings.of(mayBeAnything ? Severity.ERROR : Severity.WARNING, object, message);
    if (mayBeAnything) {
      lost.accept("the object at " + object.place());
    }
  }

  private static boolean saysTwice(Node node, String key) {
    return node instanceof MappingNode mapping
        && mapping.getValue().stream()
                .filter(entry -> key.equals(Shape.text(entry.getKeyNode())))
                .count()
            > 1;
  }

  private static String textOr(@Nullable Node node, String otherwise) {
    String text = Shape.text(node);
    return text == null ? otherwise : text;
  }
}
