"""A catalogue as RDF. rdflib is imported when one is first asked for."""

from datetime import date
from functools import lru_cache
from typing import Any

from portal.dcat.catalogue import DataCatalogue, DataSet, Distribution, OpenLicence

_EU = "http://publications.europa.eu/resource/authority/"
_ITALY = "https://w3id.org/italia/controlled-vocabulary/licences/"
_LICENCE_TYPES = "http://purl.org/adms/licencetype/"
_LANGUAGES = {"it": "ITA", "en": "ENG", "fr": "FRA", "de": "DEU", "es": "SPA"}


@lru_cache(maxsize=8)
def written(catalogue: DataCatalogue, form: str) -> str:
    """The catalogue in one of the forms of RDF, by its name in rdflib; kept until it changes."""
    from rdflib import Graph

    graph = Graph()
    _Writer(graph, catalogue).write()
    return graph.serialize(format=form)


class _Writer:
    """Puts a catalogue into a graph of rdflib."""

    def __init__(self, graph: Any, catalogue: DataCatalogue) -> None:
        from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, XSD, Literal, Namespace, URIRef

        self._graph, self._catalogue = graph, catalogue
        self._dcat, self._dct, self._foaf, self._xsd = DCAT, DCTERMS, FOAF, XSD
        self._rdf, self._owl, self._skos = RDF, OWL, SKOS
        self._it = Namespace("http://dati.gov.it/onto/dcatapit#")
        self._vcard = Namespace("http://www.w3.org/2006/vcard/ns#")
        self._uri, self._literal = URIRef, Literal
        self._base = f"{catalogue.site}/catalogo"
        for prefix, space in (("dcatapit", self._it), ("vcard", self._vcard), ("dct", DCTERMS)):
            graph.bind(prefix, space)

    def write(self) -> None:
        catalogue, dcat, dct = self._catalogue, self._dcat, self._dct
        node = self._uri(self._base)
        self._types(node, self._it.Catalog, dcat.Catalog)
        self._add(node, dct.title, self._text(catalogue.title))
        self._add(node, dct.description, self._text(catalogue.description))
        self._add(node, dct.publisher, self._agent())
        self._add(node, dct.modified, self._day(catalogue.modified))
        if catalogue.issued is not None:
            self._add(node, dct.issued, self._day(catalogue.issued))
        self._add(node, dct.language, self._listed("language/ITA", dct.LinguisticSystem))
        self._add(node, self._foaf.homepage, self._page(f"{catalogue.site}/interfacce"))
        taxonomy = self._uri(f"{_EU}data-theme")
        self._types(taxonomy, self._skos.ConceptScheme)
        self._add(taxonomy, dct.title, self._literal("Data theme", lang="en"))
        self._add(node, dcat.themeTaxonomy, taxonomy)
        for each in catalogue.sets:
            self._add(node, dcat.dataset, self._set(each))

    def _set(self, data: DataSet) -> Any:
        dcat, dct = self._dcat, self._dct
        node = self._own(data.name)
        self._types(node, self._it.Dataset, dcat.Dataset)
        self._add(node, dct.identifier, self._literal(data.identifier))
        self._add(node, dct.title, self._text(data.title))
        self._add(node, dct.description, self._text(data.description))
        self._add(node, dct.modified, self._day(data.modified))
        if data.issued is not None:
            self._add(node, dct.issued, self._day(data.issued))
        for theme in data.themes:
            concept = self._listed(f"data-theme/{theme}", self._skos.Concept)
            self._add(node, dcat.theme, concept)
        for keyword in data.keywords:
            self._add(node, dcat.keyword, self._text(keyword))
        self._add(node, dct.rightsHolder, self._agent())
        self._add(node, dct.publisher, self._agent())
        frequency = self._listed(f"frequency/{data.frequency}", dct.Frequency)
        self._add(node, dct.accrualPeriodicity, frequency)
        public = self._listed("access-right/PUBLIC", dct.RightsStatement)
        self._add(node, dct.accessRights, public)
        language = _LANGUAGES.get(data.language)
        if language:
            self._add(
                node, dct.language, self._listed(f"language/{language}", dct.LinguisticSystem)
            )
        self._add(node, dcat.landingPage, self._page(data.page))
        if self._catalogue.publisher.email:
            self._add(node, dcat.contactPoint, self._contact())
        for way in data.distributions:
            self._add(node, dcat.distribution, self._distribution(way))
        return node

    def _distribution(self, way: Distribution) -> Any:
        dcat, dct = self._dcat, self._dct
        node = self._own(way.name)
        self._types(node, self._it.Distribution, dcat.Distribution)
        self._add(node, dct.title, self._text(way.title))
        self._add(node, dct.description, self._text(way.description))
        format = self._listed(f"file-type/{way.format}", dct.MediaTypeOrExtent)
        self._add(node, dct["format"], format)
        self._add(node, dcat.accessURL, self._resource(way.access))
        self._add(node, dct.license, self._licence(way.licence))
        self._add(node, dct.modified, self._day(way.modified))
        media_type = self._uri(f"https://www.iana.org/assignments/media-types/{way.media_type}")
        self._types(media_type, dct.MediaType)
        self._add(node, dcat.mediaType, media_type)
        if way.size is not None:
            self._add(node, dcat.downloadURL, self._resource(way.access))
            size = self._literal(way.size, datatype=self._xsd.nonNegativeInteger)
            self._add(node, dcat.byteSize, size)
        return node

    def _agent(self) -> Any:
        node = self._own("editore")
        self._types(node, self._it.Agent, self._foaf.Agent)
        publisher = self._catalogue.publisher
        self._add(node, self._foaf.name, self._text(publisher.name))
        self._add(node, self._dct.identifier, self._literal(publisher.code))
        return node

    def _contact(self) -> Any:
        node = self._own("contatti")
        publisher, vcard = self._catalogue.publisher, self._vcard
        self._types(node, self._it.Organization, vcard.Organization, vcard.Kind)
        self._add(node, vcard.fn, self._text(publisher.name))
        self._add(node, vcard.hasEmail, self._uri(f"mailto:{publisher.email}"))
        return node

    def _licence(self, licence: OpenLicence) -> Any:
        node = self._uri(_ITALY + licence.code)
        self._types(node, self._it.LicenseDocument, self._dct.LicenseDocument)
        self._add(node, self._foaf.name, self._text(licence.name))
        self._add(node, self._owl.versionInfo, self._literal(licence.version))
        kind = self._uri(_LICENCE_TYPES + licence.type)
        self._types(kind, self._skos.Concept)
        self._add(node, self._dct.type, kind)
        return node

    def _listed(self, path: str, type: Any) -> Any:
        """A value of a European list; its type is said here, for who cannot look it up."""
        node = self._uri(_EU + path)
        self._types(node, type)
        return node

    def _page(self, address: str) -> Any:
        node = self._uri(address)
        self._types(node, self._foaf.Document)
        return node

    def _resource(self, address: str) -> Any:
        node = self._uri(address)
        self._types(node, self._uri("http://www.w3.org/2000/01/rdf-schema#Resource"))
        return node

    def _own(self, name: str) -> Any:
        return self._uri(f"{self._base}#{name}")

    def _text(self, text: str) -> Any:
        return self._literal(text, lang="it")

    def _day(self, day: date) -> Any:
        return self._literal(day.isoformat(), datatype=self._xsd.date)

    def _types(self, node: Any, *types: Any) -> None:
        for each in types:
            self._add(node, self._rdf.type, each)

    def _add(self, node: Any, name: Any, value: Any) -> None:
        self._graph.add((node, name, value))
