// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.util.Set;
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
  private static final String ITEMS = "items";
  private static final Set<String> LIST_FIELDS = Set.of("apiVersion", "kind", "metadata", ITEMS);

  private final String file;
  private final int firstLine;
  private final Findings findings;
  private final Consumer<ManifestObject> found;
  private final Consumer<String> lost;
  private int objects;

  /** What is found goes to {@code found}; a part that may be anything is told to {@code lost}. */
  ObjectFinder(
      YamlDocument document,
      String file,
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
    if (!(node instanceof MappingNode mapping)) {
      reject(object, depth > 0, "is no Kubernetes object");
    } else if (!saysPlainlyWhatItIs(mapping)) {
      reject(
          object, true, "has a kind, apiVersion or other key that is no plain text; write it so");
    } else if (saysTwice(mapping, "kind") || saysTwice(mapping, "apiVersion")) {
      reject(object, true, "says twice what it is; keep one kind and one apiVersion");
    } else if (objects > MOST_OBJECTS || depth > DEEPEST_LIST) {
      reject(object, true, "has too many objects, or lists in lists; split it");
    } else if (kind.equals(LIST) || Shape.child(node, ITEMS) != null) {
      findItems(object, mapping, depth);
    } else if (kind.isEmpty() && !PolicyKinds.isPolicy(object)) {
      reject(object, depth > 0, "has no kind, so no cluster would take it; it is not used");
    } else {
      found.accept(object);
    }
  }

  private void findItems(ManifestObject list, MappingNode fields, int depth) {
    if (!list.kind().endsWith(LIST)) {
      reject(list, true, "has items, but its kind is no list; give each a document of its own");
      return;
    }
    if (saysTwice(fields, ITEMS) || !hasOnlyFieldsOfAList(fields)) {
      reject(list, true, "is a list with more than one 'items' or other fields; keep one");
      return;
    }
    if (!(Shape.child(fields, ITEMS) instanceof SequenceNode items) || !Shape.isPlain(items)) {
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

  /** Else one reader sees a policy where another sees nothing to mind. */
  private static boolean saysPlainlyWhatItIs(MappingNode node) {
    return Shape.isPlain(node)
        && node.getValue().stream().allMatch(entry -> Scalar.isText(entry.getKeyNode()))
        && isTextOrAbsent(Shape.child(node, "kind"))
        && isTextOrAbsent(Shape.child(node, "apiVersion"));
  }

  private static boolean isTextOrAbsent(@Nullable Node node) {
    return node == null || Shape.isNull(node) || Scalar.isText(node);
  }

  private static boolean hasOnlyFieldsOfAList(MappingNode node) {
    return node.getValue().stream()
        .allMatch(entry -> LIST_FIELDS.contains(Shape.text(entry.getKeyNode())));
  }

  private static boolean saysTwice(MappingNode node, String key) {
    return node.getValue().stream()
            .filter(entry -> key.equals(Shape.text(entry.getKeyNode())))
            .count()
        > 1;
  }

  private static String textOr(@Nullable Node node, String otherwise) {
    String text = Shape.text(node);
    return text == null ? otherwise : text;
  }
}
