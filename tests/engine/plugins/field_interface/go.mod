module example.com/plugins/engine/field_interface

go 1.21
